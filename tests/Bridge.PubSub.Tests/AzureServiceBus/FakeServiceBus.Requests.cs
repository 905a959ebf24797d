using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <content>The nodes that answer requests.</content>
internal sealed partial class FakeServiceBus
{
    // Thread: any.
    private Error? Answer(ListenerLink link, FakeQueue? queue, Message request)
    {
        var answer = queue is null ? PutToken(link, request) : Manage(queue, request);
        answer.Properties = new Properties { CorrelationId = request.Properties.MessageId };
        lock (_lock)
        {
            if (_replies.TryGetValue(request.Properties.ReplyTo, out var reply))
            {
                reply.SendMessage(answer);
            }
        }

        Work();
        return null;
    }

    private Message PutToken(ListenerLink link, Message request)
    {
        var fields = request.ApplicationProperties;
        Assert.Equal("put-token", fields["operation"]);
        Assert.Equal("servicebus.windows.net:sastoken", fields["type"]);
        var name = (string)fields["name"];
        var entity = name[$"amqp://{Host}/".Length..];
        lock (_lock)
        {
            if (FakePolicy.Check(Policies, (string)request.Body, name, DateTimeOffset.UtcNow) is not { } token)
            {
                return Status("status-code", 401, "status-description", "InvalidSignature: The token has an invalid signature.");
            }

            TokensTaken++;
            _tokens.GetOrCreateValue(link.Session.Connection)[entity] = token;
        }

        return Status("status-code", 202, "status-description", "Accepted");
    }

    private Message Manage(FakeQueue queue, Message request)
    {
        var body = (Map)request.Body;
        lock (_lock)
        {
            return request.ApplicationProperties["operation"] switch
            {
                "com.microsoft:renew-lock" => Renew(queue, Tokens(body)),
                "com.microsoft:renew-session-lock" => RenewSession(queue, (string)body["session-id"]),
                "com.microsoft:update-disposition" => Settle(queue, body),
                "com.microsoft:peek-message" => Peek(queue, (long)body["from-sequence-number"], (int)body["message-count"]),
                var other => Failure(501, "amqp:not-implemented", $"{other}"),
            };
        }
    }

    private static Guid[] Tokens(Map body) => [.. ((System.Collections.IEnumerable)body["lock-tokens"]).Cast<Guid>()];

    private static Message Renew(FakeQueue queue, Guid[] tokens)
    {
        var messages = tokens.Select(queue.Find).ToArray();
        if (messages.Contains(null))
        {
            return Failure(410, "com.microsoft:message-lock-lost", "The lock supplied is invalid.");
        }

        var until = DateTimeOffset.UtcNow + queue.LockTime;
        foreach (var message in messages)
        {
            message!.LockedUntil = until;
        }

        return Success(new Map { ["expirations"] = messages.Select(_ => until.UtcDateTime).ToArray() });
    }

    private static Message RenewSession(FakeQueue queue, string session)
    {
        if (queue.Consumers.Find(consumer => consumer.Session == session) is not { } consumer)
        {
            return Failure(410, "com.microsoft:session-lock-lost", "The session lock has expired.");
        }

        consumer.SessionUntil = DateTimeOffset.UtcNow + queue.LockTime;
        return Success(new Map { ["expiration"] = consumer.SessionUntil.UtcDateTime });
    }

    private static Message Settle(FakeQueue queue, Map body)
    {
        var messages = Tokens(body).Select(queue.Find).ToArray();
        if (messages.Contains(null))
        {
            return Failure(410, "com.microsoft:message-lock-lost", "The lock supplied is invalid.");
        }

        foreach (var message in messages)
        {
            switch (body["disposition-status"])
            {
                case "completed":
                    queue.Remove(message!);
                    break;
                case "abandoned":
                    queue.Unlock(message!, counts: true);
                    break;
                case "suspended":
                    queue.Bury(
                        message!,
                        (body["properties-to-modify"] as Map ?? []).Select(detail => KeyValuePair.Create((string)detail.Key, detail.Value))
                            .Append(KeyValuePair.Create("DeadLetterReason", body["deadletter-reason"]))
                            .Append(KeyValuePair.Create("DeadLetterErrorDescription", body["deadletter-description"])));
                    break;
                default:
                    return Failure(400, "amqp:invalid-field", "disposition-status");
            }
        }

        return Success(null);
    }

    private static Message Peek(FakeQueue queue, long from, int count)
    {
        var messages = queue.Messages.Where(message => message.Number >= from).Take(count).ToArray();
        return messages.Length == 0
            ? Status("statusCode", 204, "statusDescription", "NoContent")
            : Success(new Map { ["messages"] = new List().With(messages.Select(message => (object)new Map { ["message"] = Bytes(message.ToAmqp()) })) });
    }

    private static byte[] Bytes(Message message)
    {
        var encoded = message.Encode();
        return encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray();
    }

    private static Message Success(Map? body)
    {
        var answer = Status("statusCode", 200, "statusDescription", "OK");
        answer.BodySection = new AmqpValue { Value = body! };
        return answer;
    }

    private static Message Failure(int status, string condition, string text)
    {
        var answer = Status("statusCode", status, "statusDescription", text);
        answer.ApplicationProperties["errorCondition"] = new Symbol(condition);
        return answer;
    }

    private static Message Status(string codeName, int code, string textName, string text) =>
        new() { ApplicationProperties = new ApplicationProperties { [codeName] = code, [textName] = text } };
}

/// <summary>Makes AMQP lists of what there is.</summary>
internal static class ListFilling
{
    internal static List With(this List list, IEnumerable<object> items)
    {
        foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}

using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>What a subscription or its dead letters can be asked beside their messages. Thread: any.</summary>
/// <param name="connection">The connection.</param>
/// <param name="entity">The entity's path.</param>
// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
internal sealed class EntityManagement(ServiceBusConnection connection, string entity)
{
    private const string Vendor = "com.microsoft:";

    /// <summary>Begins a message's lock anew.</summary>
    internal Task RenewLockAsync(Guid token, CancellationToken cancellation) =>
        RequestAsync("renew-lock", new Map { ["lock-tokens"] = new[] { token } }, cancellation);

    /// <summary>Begins a session's lock anew.</summary>
    internal Task RenewSessionAsync(string session, CancellationToken cancellation) =>
        RequestAsync("renew-session-lock", new Map { ["session-id"] = session }, cancellation);

    /// <summary>Ends the delivery of messages whose link is gone.</summary>
    /// <param name="tokens">Their locks.</param>
    /// <param name="status">completed, abandoned or suspended, which is for dead letters.</param>
    /// <param name="details">What else the service has to know; null for nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal Task SettleAsync(Guid[] tokens, string status, Map? details, CancellationToken cancellation)
    {
        var body = new Map { ["lock-tokens"] = tokens, ["disposition-status"] = status };
        foreach (var detail in details ?? [])
        {
            body[detail.Key] = detail.Value;
        }

        return RequestAsync("update-disposition", body, cancellation);
    }

    /// <summary>Looks at messages without taking them.</summary>
    /// <param name="from">The number of the first.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IReadOnlyList<Message>> PeekAsync(long from, int count, CancellationToken cancellation)
    {
        var answer = await RequestAsync("peek-message", new Map { ["from-sequence-number"] = from, ["message-count"] = count }, cancellation);
        return answer.Body is Map { } body && body["messages"] is IEnumerable<object> messages
            ? [.. messages.OfType<Map>().Select(message => message["message"]).OfType<byte[]>().Select(Decode)]
            : [];
    }

    private static Message Decode(byte[] bytes) => Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length));

    private async Task<Message> RequestAsync(string operation, Map body, CancellationToken cancellation)
    {
        var line = await connection.LineAsync(cancellation);
        var link = await line.ManagementAsync(entity, cancellation);
        var request = new Message(body)
        {
            ApplicationProperties = new ApplicationProperties { [Vendor + "server-timeout"] = (uint)connection.Options.AnswerTimeout.TotalMilliseconds },
        };
        return await link.RequestAsync(Vendor + operation, request, cancellation);
    }
}

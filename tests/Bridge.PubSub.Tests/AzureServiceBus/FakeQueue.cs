using System.Text.RegularExpressions;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>A message that the fake keeps.</summary>
internal sealed class FakeMessage(long number, byte[] bytes, DateTimeOffset enqueuedAt, string? session)
{
    internal long Number => number;

    internal byte[] Bytes => bytes;

    internal DateTimeOffset EnqueuedAt => enqueuedAt;

    internal string? Session => session;

    internal uint Deliveries { get; set; }

    internal Guid? Token { get; set; }

    internal DateTimeOffset LockedUntil { get; set; }

    internal Dictionary<string, object> Added { get; } = new(StringComparer.Ordinal);

    internal Message ToAmqp()
    {
        var message = Message.Decode(new ByteBuffer([.. bytes], 0, bytes.Length, bytes.Length));
        message.Header ??= new Header();
        message.Header.DeliveryCount = Deliveries;
        message.MessageAnnotations ??= new MessageAnnotations();
        message.MessageAnnotations[new Symbol("x-opt-sequence-number")] = number;
        message.MessageAnnotations[new Symbol("x-opt-enqueued-time")] = enqueuedAt.UtcDateTime;
        message.ApplicationProperties ??= new ApplicationProperties();
        foreach (var (name, value) in Added)
        {
            message.ApplicationProperties[name] = value;
        }

        if (Token is { } token)
        {
            message.MessageAnnotations[new Symbol("x-opt-locked-until")] = LockedUntil.UtcDateTime;
            message.DeliveryAnnotations = new DeliveryAnnotations { [new Symbol("x-opt-lock-token")] = token };
        }

        return message;
    }
}

/// <summary>A link that receives from a queue; of one with sessions, also whose it has.</summary>
internal sealed class FakeConsumer(ListenerLink link, string? session)
{
    internal ListenerLink Link => link;

    internal string? Session => session;

    internal int Credit { get; set; }

    internal DateTimeOffset SessionUntil { get; set; }
}

/// <summary>A link that waits for any session.</summary>
internal sealed record FakeAccept(AttachContext Context, DateTimeOffset Until);

/// <summary>A subscription's messages, or its dead letters. Guarded by the fake's lock.</summary>
internal sealed partial class FakeQueue(TimeSpan lockTime, bool hasSessions, uint maxDeliveries, string? filter)
{
    private readonly SortedDictionary<long, FakeMessage> _messages = [];

    internal FakeQueue? Dead { get; init; }

    internal bool HasSessions => hasSessions;

    internal TimeSpan LockTime => lockTime;

    internal List<FakeConsumer> Consumers { get; } = [];

    internal List<FakeAccept> Accepts { get; } = [];

    internal IEnumerable<FakeMessage> Messages => _messages.Values;

    /// <summary>Whether a subscription's filter lets a message in: one that takes all, or the one shape that hosts make.</summary>
    internal bool Takes(Message message)
    {
        if (filter is null)
        {
            return true;
        }

        var parts = Filter().Match(filter);
        Assert.True(parts.Success, $"The fake doesn't know the filter {filter}.");
        return message.ApplicationProperties?.Map[parts.Groups["name"].Value] is not string value || value == parts.Groups["value"].Value;
    }

    internal void Add(FakeMessage message) => _messages[message.Number] = message;

    internal FakeMessage? Find(Guid token) => _messages.Values.FirstOrDefault(message => message.Token == token);

    internal void Remove(FakeMessage message) => _messages.Remove(message.Number);

    internal void Unlock(FakeMessage message, bool counts)
    {
        message.Token = null;
        message.Deliveries += counts ? 1u : 0u;
        if (Dead is not null && message.Deliveries >= maxDeliveries)
        {
            Bury(message, new Dictionary<string, object>(StringComparer.Ordinal) { ["DeadLetterReason"] = "MaxDeliveryCountExceeded", ["DeadLetterErrorDescription"] = "too often" });
        }
    }

    internal void Bury(FakeMessage message, IEnumerable<KeyValuePair<string, object>> details)
    {
        _messages.Remove(message.Number);
        message.Token = null;
        foreach (var (name, value) in details)
        {
            message.Added[name] = value;
        }

        Dead?.Add(message);
    }

    internal void Drop(FakeConsumer consumer)
    {
        Consumers.Remove(consumer);
        if (consumer.Session is not null)
        {
            // With a session, its messages are free. Without one, they are locked until that is over.
            foreach (var message in _messages.Values.Where(message => message.Token is not null && message.Session == consumer.Session).ToArray())
            {
                Unlock(message, counts: true);
            }
        }
    }

    /// <summary>Ends what is over, and hands out what can be.</summary>
    internal void Work(DateTimeOffset now, Action<AttachContext, string> grant, Action<FakeConsumer> lose)
    {
        foreach (var message in _messages.Values.Where(message => !hasSessions && message.Token is not null && message.LockedUntil <= now).ToArray())
        {
            Unlock(message, counts: true);
        }

        foreach (var consumer in Consumers.Where(consumer => consumer.Session is not null && consumer.SessionUntil <= now).ToArray())
        {
            Drop(consumer);
            lose(consumer);
        }

        GrantSessions(now, grant);
        foreach (var message in _messages.Values.Where(message => message.Token is null))
        {
            var consumer = Consumers.Find(consumer => consumer.Credit > 0 && (!hasSessions || consumer.Session == message.Session));
            if (consumer is not null)
            {
                Send(consumer, message, now);
            }
        }
    }

    [GeneratedRegex("^(?<name>[a-z_]+) IS NULL OR \\k<name> = '(?<value>[^']*)'$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filter();

    private void GrantSessions(DateTimeOffset now, Action<AttachContext, string> grant)
    {
        Accepts.RemoveAll(accept => accept.Context.Link.IsClosed);
        foreach (var accept in Accepts.Where(accept => accept.Until <= now).ToArray())
        {
            Accepts.Remove(accept);
            accept.Context.Complete(new Error(new Symbol("com.microsoft:timeout")) { Description = "No session has a message." });
        }

        foreach (var session in _messages.Values.Where(message => message.Token is null && message.Session is not null).Select(message => message.Session!).Distinct().ToArray())
        {
            if (Accepts.Count > 0 && !Consumers.Exists(consumer => consumer.Session == session))
            {
                var accept = Accepts[0];
                Accepts.RemoveAt(0);
                grant(accept.Context, session);
            }
        }
    }

    private void Send(FakeConsumer consumer, FakeMessage message, DateTimeOffset now)
    {
        message.Token = Guid.NewGuid();
        message.LockedUntil = now + lockTime;
        consumer.Credit--;

        // Those that took their turn stand behind the others.
        Consumers.Remove(consumer);
        Consumers.Add(consumer);
        try
        {
            consumer.Link.SendMessage(message.ToAmqp());
        }
        catch (AmqpException)
        {
            // Its connection has just gone: the lock goes by.
        }
    }
}

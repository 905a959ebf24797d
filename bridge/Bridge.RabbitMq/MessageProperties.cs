using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;
using RabbitMQ.Client;

namespace Bridge.RabbitMq;

/// <summary>
/// What travels beside a message's body. An attribute is a header of its own name, so that other programs can read and write it; those whose names
/// are taken have "encore-attribute-" before them.
/// </summary>
internal sealed record MessageProperties
{
    private const string Escape = "encore-attribute-";
    private const string Attempts = "encore-attempt";
    private const string Published = "encore-published-at";
    private const string Deliveries = "x-delivery-count";
    private const string Cause = "encore-dead-cause";
    private const string Reason = "encore-dead-reason";
    private const string Died = "encore-dead-at";
    private const string Letter = "encore-dead-id";
    private const string LaneNumber = "encore-lane";
    private const string Delivers = "encore-deliver-at";
    private const string Returns = "encore-retry-at";

    // AMQP writes a header's name with its length in one byte.
    private const int MaxNameBytes = 255;

    /// <summary>The message's name, the same at each attempt.</summary>
    internal required string MessageId { get; init; }

    /// <summary>When it was published.</summary>
    internal required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Which attempt it is.</summary>
    internal int Attempt { get; init; } = 1;

    /// <summary>What was published beside it.</summary>
    internal required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Of an ordered topic: the lane that its key belongs to; null for a message without a key.</summary>
    internal int? Lane { get; init; }

    /// <summary>Of a message that was published to be delivered later: when.</summary>
    internal DateTimeOffset? DeliverAt { get; init; }

    /// <summary>Of a message that is to be tried again: when.</summary>
    internal DateTimeOffset? RetryAt { get; init; }

    /// <summary>Of a dead letter: its name there.</summary>
    internal string? LetterId { get; init; }

    /// <summary>Of a dead letter: why it was given up.</summary>
    internal DeadLetterReason? DeadReason { get; init; }

    /// <summary>Of a dead letter: when.</summary>
    internal DateTimeOffset DiedAt { get; init; }

    /// <summary>Whether AMQP can carry attributes of these names.</summary>
    internal static bool CanCarry(IReadOnlyDictionary<string, string> attributes) =>
        attributes.Keys.All(name => Encoding.UTF8.GetByteCount(name) <= MaxNameBytes - Escape.Length);

    /// <summary>How long it is not to be handled yet; not above 0 where it is.</summary>
    internal TimeSpan WaitAt(DateTimeOffset now)
    {
        var due = RetryAt > DeliverAt || DeliverAt is null ? RetryAt : DeliverAt;
        return due - now ?? TimeSpan.Zero;
    }

    /// <summary>As AMQP has them.</summary>
    internal BasicProperties ToAmqp()
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [Attempts] = Attempt,
            [Published] = PublishedAt.ToUnixTimeMilliseconds(),
        };
        foreach (var (name, value) in Attributes)
        {
            headers[IsTaken(name) ? Escape + name : name] = Encoding.UTF8.GetBytes(value);
        }

        if (Lane is { } lane)
        {
            headers[LaneNumber] = lane;
        }

        if (DeliverAt is { } delivery)
        {
            headers[Delivers] = delivery.ToUnixTimeMilliseconds();
        }

        if (RetryAt is { } retry)
        {
            headers[Returns] = retry.ToUnixTimeMilliseconds();
        }

        if (DeadReason is { } reason)
        {
            headers[Letter] = LetterId;
            headers[Cause] = reason.Cause.ToString();
            headers[Reason] = Encoding.UTF8.GetBytes(reason.Text);
            headers[Died] = DiedAt.ToUnixTimeMilliseconds();
        }

        return new BasicProperties
        {
            MessageId = MessageId,
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            Timestamp = new AmqpTimestamp(PublishedAt.ToUnixTimeSeconds()),
            Headers = headers,
        };
    }

    /// <summary>Reads AMQP's.</summary>
    internal static MessageProperties Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        var headers = properties.Headers ?? new Dictionary<string, object?>(StringComparer.Ordinal);
        var published = Time(Number(headers, Published) ?? (properties.IsTimestampPresent() ? properties.Timestamp.UnixTime * 1000 : null));
        return new MessageProperties
        {
            MessageId = properties.IsMessageIdPresent() ? properties.MessageId! : Convert.ToHexStringLower(SHA256.HashData(body))[..32],
            PublishedAt = published ?? DateTimeOffset.UtcNow,
            Attempt = (int)((Number(headers, Attempts) ?? 1) + (Number(headers, Deliveries) ?? 0)),
            Attributes = AttributesOf(headers),
            Lane = Number(headers, LaneNumber) is >= 0 and < RabbitMqNames.Lanes and var lane ? (int)lane : null,
            DeliverAt = Time(Number(headers, Delivers)),
            RetryAt = Time(Number(headers, Returns)),
            LetterId = Text(headers, Letter),
            DeadReason = Enum.TryParse<DeadLetterCause>(Text(headers, Cause), out var cause) ? new DeadLetterReason(cause, Text(headers, Reason) ?? "") : null,
            DiedAt = Time(Number(headers, Died)) ?? DateTimeOffset.UnixEpoch,
        };
    }

    private static Dictionary<string, string> AttributesOf(IDictionary<string, object?> headers)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _) in headers)
        {
            var isEscaped = name.StartsWith(Escape, StringComparison.Ordinal);
            if ((isEscaped || !IsTaken(name)) && Text(headers, name) is { } text)
            {
                attributes[isEscaped ? name[Escape.Length..] : name] = text;
            }
        }

        return attributes;
    }

    private static bool IsTaken(string name) =>
        name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("encore-", StringComparison.OrdinalIgnoreCase) || name is "CC" or "BCC";

    // Below the year 10000.
    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;

    private static string? Text(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value)
            ? value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), string text => text, _ => null }
            : null;

    private static long? Number(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value)
            ? value switch { long number => number, int number => number, short number => number, byte number => number, _ => null }
            : null;
}

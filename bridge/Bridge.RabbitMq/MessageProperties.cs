using System.Collections.ObjectModel;
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
    internal DateTimeOffset DiedAt { get; init; } = DateTimeOffset.UnixEpoch;

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
    /// <remarks>What goes without saying isn't written: the server keeps and sends headers with each message.</remarks>
    internal BasicProperties ToAmqp() =>
        new()
        {
            MessageId = MessageId,
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            Timestamp = new AmqpTimestamp(PublishedAt.ToUnixTimeSeconds()),
            Headers = ToHeaders(),
        };

    /// <summary>Reads AMQP's.</summary>
    internal static MessageProperties Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        var isPlain = true;
        var read = new MessageProperties
        {
            MessageId = properties.MessageId ?? Convert.ToHexStringLower(SHA256.HashData(body))[..32],
            PublishedAt = Time(PublishedAtOf(properties)) ?? DateTimeOffset.UtcNow,
            Attributes = properties.Headers is { Count: > 0 } headers ? AttributesOf(headers, out isPlain) : ReadOnlyDictionary<string, string>.Empty,
        };
        return isPlain ? read : read.With(properties.Headers!);
    }

    private Dictionary<string, object?>? ToHeaders()
    {
        Dictionary<string, object?>? headers = null;
        void Add(string name, object? value) => (headers ??= new(StringComparer.Ordinal))[name] = value;

        if (Attempt != 1)
        {
            Add(Attempts, Attempt);
        }

        if (MessageName.TimeOf(MessageId) != PublishedAt.ToUnixTimeMilliseconds())
        {
            Add(Published, PublishedAt.ToUnixTimeMilliseconds());
        }

        foreach (var (name, value) in Attributes)
        {
            Add(IsTaken(name) ? Escape + name : name, Encoding.UTF8.GetBytes(value));
        }

        if (Lane is { } lane)
        {
            Add(LaneNumber, lane);
        }

        if (DeliverAt is { } delivery)
        {
            Add(Delivers, delivery.ToUnixTimeMilliseconds());
        }

        if (RetryAt is { } retry)
        {
            Add(Returns, retry.ToUnixTimeMilliseconds());
        }

        if (DeadReason is { } reason)
        {
            Add(Letter, LetterId);
            Add(Cause, reason.Cause.ToString());
            Add(Reason, Encoding.UTF8.GetBytes(reason.Text));
            Add(Died, DiedAt.ToUnixTimeMilliseconds());
        }

        return headers;
    }

    private MessageProperties With(IDictionary<string, object?> headers) =>
        this with
        {
            PublishedAt = Time(Number(headers, Published)) ?? PublishedAt,
            Attempt = (int)((Number(headers, Attempts) ?? 1) + (Number(headers, Deliveries) ?? 0)),
            Lane = Number(headers, LaneNumber) is >= 0 and < RabbitMqNames.Lanes and var lane ? (int)lane : null,
            DeliverAt = Time(Number(headers, Delivers)),
            RetryAt = Time(Number(headers, Returns)),
            LetterId = Text(headers, Letter),
            DeadReason = Enum.TryParse<DeadLetterCause>(Text(headers, Cause), out var cause) ? new DeadLetterReason(cause, Text(headers, Reason) ?? "") : null,
            DiedAt = Time(Number(headers, Died)) ?? DateTimeOffset.UnixEpoch,
        };

    // AMQP tells seconds. A name that tells the same second knows more.
    private static long? PublishedAtOf(IReadOnlyBasicProperties properties)
    {
        if (!properties.IsTimestampPresent())
        {
            return null;
        }

        var seconds = properties.Timestamp.UnixTime;
        return properties.MessageId is { } name && MessageName.TimeOf(name) is { } time && time / 1000 == seconds ? time : seconds * 1000;
    }

    /// <param name="headers">The headers.</param>
    /// <param name="isPlain">Whether all are attributes of their own names.</param>
    private static Dictionary<string, string> AttributesOf(IDictionary<string, object?> headers, out bool isPlain)
    {
        var attributes = new Dictionary<string, string>(headers.Count, StringComparer.Ordinal);
        isPlain = true;
        foreach (var (name, value) in headers)
        {
            var isTaken = IsTaken(name);
            isPlain &= !isTaken;
            var isEscaped = isTaken && name.StartsWith(Escape, StringComparison.Ordinal);
            if ((isEscaped || !isTaken) && Text(value) is { } text)
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

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value) ? Text(value) : null;

    private static string? Text(object? value) => value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), string text => text, _ => null };

    private static long? Number(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value)
            ? value switch { long number => number, int number => number, short number => number, byte number => number, _ => null }
            : null;
}

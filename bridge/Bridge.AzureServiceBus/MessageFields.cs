using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Bridge.AzureServiceBus;

/// <summary>
/// What travels beside a message's body. An attribute is an application property of its own name, so that other programs and filters can read it;
/// those whose names are taken have "encore-attribute-" before them.
/// </summary>
internal sealed record MessageFields
{
    /// <summary>The property that names the one subscription a copy is for. A name that a filter can write without quotes.</summary>
    internal const string OnlyForName = "encore_subscription";

    /// <summary>Of a dead letter: the property that says why, in a word.</summary>
    internal const string ReasonName = "DeadLetterReason";

    /// <summary>Of a dead letter: the property that says why at length.</summary>
    internal const string DescriptionName = "DeadLetterErrorDescription";

    /// <summary>Of a dead letter: when it was given up.</summary>
    internal const string DiedName = "encore-dead-at";

    /// <summary>Of a dead letter: how often it was tried.</summary>
    internal const string DeadAttemptsName = "encore-dead-attempts";

    private const string Escape = "encore-attribute-";
    private const string Published = "encore-published-at";
    private const string Retained = "encore-retained-since";
    private const string OriginalId = "encore-message-id";
    private const string Attempts = "encore-attempts";

    // Of message ids and session ids.
    private const int MaxId = 128;

    /// <summary>The message's name, the same at each attempt.</summary>
    internal required string MessageId { get; init; }

    /// <summary>When it was published.</summary>
    internal required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Since when its retention counts; null for since it was published.</summary>
    internal DateTimeOffset? RetainedSince { get; init; }

    /// <summary>How often it was tried before this copy of it was made.</summary>
    internal int PastAttempts { get; init; }

    /// <summary>What was published beside it.</summary>
    internal required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>The session whose messages keep their order; null for none.</summary>
    internal string? Session { get; init; }

    /// <summary>The one subscription it is for; null for all.</summary>
    internal string? OnlyFor { get; init; }

    /// <summary>An id as the service takes it: what is too long goes by its hash.</summary>
    internal static string FitId(string id) => id.Length <= MaxId ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>Reads what came.</summary>
    internal static MessageFields Read(Message message)
    {
        var properties = message.ApplicationProperties?.Map;
        return new MessageFields
        {
            MessageId = Text(properties, OriginalId) ?? IdOf(message),
            PublishedAt = Moment(properties, Published) ?? Enqueued(message) ?? DateTimeOffset.UtcNow,
            RetainedSince = Moment(properties, Retained),
            PastAttempts = (int)(Number(properties, Attempts) ?? 0),
            Attributes = AttributesOf(properties),
            Session = message.Properties?.GroupId,
            OnlyFor = Text(properties, OnlyForName),
        };
    }

    /// <summary>The number that the service gave a message.</summary>
    internal static long SequenceOf(Message message) => message.MessageAnnotations?[new Symbol("x-opt-sequence-number")] is long number ? number : 0;

    /// <summary>When the service got a message, or gave it free.</summary>
    internal static DateTimeOffset? Enqueued(Message message) => MomentOf(message, "x-opt-enqueued-time");

    /// <summary>Until when a message is locked; null where the service doesn't say.</summary>
    internal static DateTimeOffset? LockedUntil(Message message) => MomentOf(message, "x-opt-locked-until");

    /// <summary>A number among a message's properties.</summary>
    internal static long? Number(Message message, string name) => Number(message.ApplicationProperties?.Map, name);

    /// <summary>A text among a message's properties.</summary>
    internal static string? Text(Message message, string name) => Text(message.ApplicationProperties?.Map, name);

    /// <summary>The body.</summary>
    internal static byte[] BodyOf(Message message) => message.Body switch
    {
        byte[] bytes => bytes,
        Data[] parts => [.. parts.SelectMany(part => part.Binary)],
        string text => Encoding.UTF8.GetBytes(text),
        null => [],
        var other => Encoding.UTF8.GetBytes(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>As AMQP has it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="id">By which the service is to know it. A copy has one of its own: it would be taken for a duplicate, and thrown away.</param>
    /// <param name="deliverAt">Not before then; null for at once.</param>
    internal Message ToAmqp(ReadOnlyMemory<byte> body, string id, DateTimeOffset? deliverAt)
    {
        var properties = new ApplicationProperties { [Published] = PublishedAt.ToUnixTimeMilliseconds() };
        foreach (var (name, value) in Attributes)
        {
            properties[IsTaken(name) ? Escape + name : name] = value;
        }

        if (!string.Equals(id, MessageId, StringComparison.Ordinal))
        {
            properties[OriginalId] = MessageId;
        }

        if (PastAttempts > 0)
        {
            properties[Attempts] = (long)PastAttempts;
        }

        if (RetainedSince is { } since)
        {
            properties[Retained] = since.ToUnixTimeMilliseconds();
        }

        if (OnlyFor is { } subscription)
        {
            properties[OnlyForName] = subscription;
        }

        var message = new Message
        {
            Header = new Header { Durable = true },
            Properties = new Properties { MessageId = id, ContentType = "application/json", GroupId = Session },
            ApplicationProperties = properties,
            BodySection = new Data { Binary = body.ToArray() },
        };
        if (deliverAt is { } due)
        {
            message.MessageAnnotations = new MessageAnnotations { [new Symbol("x-opt-scheduled-enqueue-time")] = due.UtcDateTime };
        }

        return message;
    }

    private static string IdOf(Message message) =>
        message.Properties?.GetMessageId() is { } id ? Convert.ToString(id, CultureInfo.InvariantCulture)! : SequenceOf(message).ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> AttributesOf(Map? properties)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in properties ?? [])
        {
            var name = (string)key;
            var isEscaped = name.StartsWith(Escape, StringComparison.Ordinal);
            if ((isEscaped || !IsTaken(name)) && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text)
            {
                attributes[isEscaped ? name[Escape.Length..] : name] = text;
            }
        }

        return attributes;
    }

    private static bool IsTaken(string name) =>
        name.StartsWith("encore-", StringComparison.Ordinal) || name is OnlyForName or ReasonName or DescriptionName;

    private static DateTimeOffset? MomentOf(Message message, string annotation) =>
        message.MessageAnnotations?[new Symbol(annotation)] is DateTime moment ? new DateTimeOffset(moment.ToUniversalTime()) : null;

    private static DateTimeOffset? Moment(Map? properties, string name) =>
        Number(properties, name) is >= 0 and < 253_402_300_800_000 and var number ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;

    private static string? Text(Map? properties, string name) => properties?[name] as string;

    private static long? Number(Map? properties, string name) => properties?[name] switch { long number => number, int number => number, _ => null };
}

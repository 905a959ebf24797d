using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>What the host writes beside a message in its own topics (retry and dead): first headers of fixed names, then the message's attributes.</summary>
/// <remarks>In the application's topics all headers are attributes: others may publish and read there.</remarks>
internal sealed record RecordNotes
{
    private const string MessageIdHeader = "encore-message-id";
    private const string PublishedHeader = "encore-published-at";
    private const string AttemptHeader = "encore-attempt";
    private const string DueHeader = "encore-due-at";
    private const string CauseHeader = "encore-cause";
    private const string ReasonHeader = "encore-reason";
    private const string DiedHeader = "encore-died-at";
    private const int Count = 7;

    /// <summary>By which the message is delivered.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>In a retry topic: the attempt to come; in a dead-letter topic: those that were made.</summary>
    public required int Attempt { get; init; }

    /// <summary>In a retry topic: not before then.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>In a dead-letter topic: why.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>In a dead-letter topic: since when.</summary>
    public DateTimeOffset DiedAt { get; init; }

    /// <summary>These notes and a message's attributes as headers.</summary>
    public Headers ToHeaders(IReadOnlyDictionary<string, string> attributes)
    {
        var headers = new Headers
        {
            { MessageIdHeader, Encode(MessageId) },
            { PublishedHeader, Encode(PublishedAt) },
            { AttemptHeader, Encode(Attempt.ToString(CultureInfo.InvariantCulture)) },
            { DueHeader, Encode(DueAt) },
            { CauseHeader, Encode(Reason?.Cause.ToString() ?? "") },
            { ReasonHeader, Encode(Reason?.Text ?? "") },
            { DiedHeader, Encode(DiedAt) },
        };
        AddAttributes(headers, attributes);
        return headers;
    }

    /// <summary>Reads what <see cref="ToHeaders"/> wrote.</summary>
    /// <returns>The notes; null where something else wrote the record.</returns>
    public static RecordNotes? Parse(Headers? headers)
    {
        if (headers is null || headers.Count < Count || headers[0].Key != MessageIdHeader || headers[Count - 1].Key != DiedHeader)
        {
            return null;
        }

        return new RecordNotes
        {
            MessageId = Decode(headers[0]),
            PublishedAt = DecodeTime(headers[1]),
            Attempt = int.TryParse(Decode(headers[2]), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : 1,
            DueAt = DecodeTime(headers[3]),
            Reason = Enum.TryParse<DeadLetterCause>(Decode(headers[4]), out var cause) ? new DeadLetterReason(cause, Decode(headers[5])) : null,
            DiedAt = DecodeTime(headers[6]),
        };
    }

    /// <summary>A message's attributes as headers.</summary>
    public static void AddAttributes(Headers headers, IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            headers.Add(name, Encode(value));
        }
    }

    /// <summary>The attributes of a record.</summary>
    /// <param name="headers">All its headers.</param>
    /// <param name="hasNotes">Whether notes come before them.</param>
    public static IReadOnlyDictionary<string, string> AttributesOf(Headers? headers, bool hasNotes)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = hasNotes ? Count : 0; index < (headers?.Count ?? 0); index++)
        {
            attributes[headers![index].Key] = Decode(headers[index]);
        }

        return attributes;
    }

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Encode(DateTimeOffset time) => Encode(time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    private static string Decode(IHeader header) => header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : "";

    private static DateTimeOffset DecodeTime(IHeader header) =>
        long.TryParse(Decode(header), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : DateTimeOffset.UnixEpoch;
}

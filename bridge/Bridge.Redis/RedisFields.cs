using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>
/// A message's fields as a stream holds them: <c>b</c> its body, <c>k</c> its ordering key, <c>a:…</c> its attributes; and, where its entry
/// doesn't say that, <c>i</c> its id and <c>t</c> when it was published.
/// </summary>
internal sealed class RedisFields
{
    /// <summary>The attribute that most messages have, and no other.</summary>
    internal const string Trace = "traceparent";

    private static readonly RedisValue BodyName = "b"u8.ToArray();

    private Dictionary<string, string>? _attributes;

    private RedisFields(RedisValue entry)
    {
        Id = (string?)entry ?? "";
        PublishedAt = TimeOf(Id);
    }

    /// <summary>Its id; the entry's where it has none of its own.</summary>
    internal string Id { get; private set; }

    internal DateTimeOffset PublishedAt { get; private set; }

    /// <summary>Its body, in memory that is the message's own.</summary>
    internal ReadOnlyMemory<byte> Body { get; private set; }

    internal string? Key { get; private set; }

    internal IReadOnlyDictionary<string, string> Attributes => _attributes ?? (IReadOnlyDictionary<string, string>)ReadOnlyDictionary<string, string>.Empty;

    internal DateTimeOffset DiedAt { get; private set; }

    internal int Attempts { get; private set; }

    internal DeadLetterCause Cause { get; private set; }

    internal string Reason { get; private set; } = "";

    /// <summary>Reads an entry as the client gives it.</summary>
    internal static RedisFields Read(StreamEntry entry)
    {
        var fields = new RedisFields(entry.Id);
        foreach (var field in entry.Values)
        {
            fields.Add(field.Name, field.Value);
        }

        return fields;
    }

    /// <summary>Reads names and values that follow each other.</summary>
    internal static RedisFields Read(RedisValue entry, RedisValue[] values)
    {
        var fields = new RedisFields(entry);
        for (var at = 0; at + 1 < values.Length; at += 2)
        {
            fields.Add(values[at], values[at + 1]);
        }

        return fields;
    }

    private void Add(RedisValue name, RedisValue value)
    {
        if (name == BodyName)
        {
            Body = value;
            return;
        }

        ReadOnlyMemory<byte> bytes = name;
        if (bytes.Span.StartsWith("a:"u8))
        {
            var attribute = bytes.Span[2..];
            _attributes ??= new Dictionary<string, string>(StringComparer.Ordinal);
            _attributes[attribute.SequenceEqual("traceparent"u8) ? Trace : Encoding.UTF8.GetString(attribute)] = (string?)value ?? "";
            return;
        }

        switch ((string?)name)
        {
            case "i":
                Id = (string?)value ?? "";
                break;
            case "t":
                PublishedAt = Time(value);
                break;
            case "k":
                Key = (string?)value;
                break;
            case "#at":
                DiedAt = Time(value);
                break;
            case "#attempts":
                Attempts = (int)value;
                break;
            case "#cause":
                Cause = (DeadLetterCause)(int)value;
                break;
            case "#reason":
                Reason = (string?)value ?? "";
                break;
            default:
                // Somebody else's.
                break;
        }
    }

    /// <summary>When the server made an entry: what its name begins with. The beginning of time for one that isn't from a stream.</summary>
    private static DateTimeOffset TimeOf(string entry) =>
        long.TryParse(entry.AsSpan(0, Math.Max(entry.IndexOf('-', StringComparison.Ordinal), 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.UnixEpoch;

    private static DateTimeOffset Time(RedisValue milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string?)milliseconds ?? "0", CultureInfo.InvariantCulture));
}

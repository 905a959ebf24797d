using System.Globalization;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>
/// A message's fields as a stream holds them: <c>b</c> its body, <c>k</c> its ordering key, <c>a:…</c> its attributes; and, where its entry
/// doesn't say that, <c>i</c> its id and <c>t</c> when it was published.
/// </summary>
internal struct RedisFields
{
    private static readonly RedisValue BodyName = "b"u8.ToArray();

    private RedisFields(string id) => (Id, PublishedAt) = (id, TimeOf(id));

    /// <summary>Its id; the entry's where it has none of its own.</summary>
    internal string Id { get; private set; }

    internal DateTimeOffset PublishedAt { get; private set; }

    /// <summary>Its body, in memory that is the message's own.</summary>
    internal ReadOnlyMemory<byte> Body { get; private set; }

    internal string? Key { get; private set; }

    internal IReadOnlyDictionary<string, string> Attributes { get; private set; } = RedisAttributes.Empty;

    internal DateTimeOffset DiedAt { get; private set; }

    internal int Attempts { get; private set; }

    internal DeadLetterCause Cause { get; private set; }

    internal string Reason { get; private set; } = "";

    /// <summary>Reads an entry as the client gives it.</summary>
    internal static RedisFields Read(RedisValue entry, NameValueEntry[] values)
    {
        var fields = new RedisFields((string?)entry ?? "");
        var attributes = 0;
        foreach (var field in values)
        {
            if (field.Name == BodyName)
            {
                fields.Body = field.Value;
            }
            else if (RedisAttributes.IsAttribute(field.Name))
            {
                attributes++;
            }
            else
            {
                fields.Set((string?)field.Name, field.Value);
            }
        }

        if (attributes > 0)
        {
            fields.Attributes = new RedisAttributes(values, attributes);
        }

        return fields;
    }

    /// <summary>Reads names and values that follow each other.</summary>
    internal static RedisFields Read(RedisValue entry, RedisValue[] values)
    {
        var fields = new NameValueEntry[values.Length / 2];
        for (var at = 0; at < fields.Length; at++)
        {
            fields[at] = new NameValueEntry(values[2 * at], values[(2 * at) + 1]);
        }

        return Read(entry, fields);
    }

    private void Set(string? name, RedisValue value)
    {
        switch (name)
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

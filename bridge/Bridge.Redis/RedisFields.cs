using System.Globalization;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>A message's fields as a stream holds them: <c>i</c> its id, <c>t</c> when it was published, <c>b</c> its body, <c>k</c> its ordering key, <c>a:…</c> its attributes.</summary>
internal sealed class RedisFields
{
    /// <summary>Reads names and values that follow each other.</summary>
    internal RedisFields(RedisValue[] fields)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at + 1 < fields.Length; at += 2)
        {
            var (name, value) = ((string)fields[at]!, fields[at + 1]);
            switch (name)
            {
                case "i":
                    Id = (string?)value ?? "";
                    break;
                case "t":
                    PublishedAt = Time(value);
                    break;
                case "b":
                    Body = (byte[]?)value ?? [];
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
                case ['a', ':', .. var attribute]:
                    attributes[attribute] = (string?)value ?? "";
                    break;
                default:
                    // Somebody else's.
                    break;
            }
        }

        Attributes = attributes;
    }

    internal string Id { get; } = "";

    internal DateTimeOffset PublishedAt { get; }

    internal byte[] Body { get; } = [];

    internal string? Key { get; }

    internal IReadOnlyDictionary<string, string> Attributes { get; }

    internal DateTimeOffset DiedAt { get; }

    internal int Attempts { get; }

    internal DeadLetterCause Cause { get; }

    internal string Reason { get; } = "";

    private static DateTimeOffset Time(RedisValue milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string?)milliseconds ?? "0", CultureInfo.InvariantCulture));
}

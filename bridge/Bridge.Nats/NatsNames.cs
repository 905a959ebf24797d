using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.Nats;

/// <summary>
/// What streams, consumers and subjects are called. NATS takes no dots, blanks, wildcards and slashes in names: such characters become '=' and
/// their code. A '~' joins the parts of a name that has several.
/// </summary>
internal static class NatsNames
{
    /// <summary>How many lanes an ordered topic has: the messages of one key share a lane, and a lane has one message in work at a time.</summary>
    internal const int Lanes = 16;

    /// <summary>The stream of a topic.</summary>
    internal static string Stream(NatsBrokerOptions options, BrokerTopic topic) => Safe(options.Prefix) + Safe(topic.Address);

    /// <summary>All subjects of a stream.</summary>
    internal static string AllSubjects(string stream) => $"{stream}.*";

    /// <summary>The subject of messages without a key.</summary>
    internal static string Subject(string stream) => $"{stream}.all";

    /// <summary>The subject of one lane's messages.</summary>
    internal static string Subject(string stream, int lane) => string.Create(CultureInfo.InvariantCulture, $"{stream}.{lane:00}");

    /// <summary>The consumer of a subscription's messages without a key.</summary>
    internal static string Consumer(BrokerSubscription subscription) => Safe(subscription.Address);

    /// <summary>The consumer of one lane of a subscription to an ordered topic.</summary>
    internal static string Consumer(BrokerSubscription subscription, int lane) => string.Create(CultureInfo.InvariantCulture, $"{Safe(subscription.Address)}~{lane:00}");

    /// <summary>The stream of a subscription's dead letters, and its subject.</summary>
    internal static string DeadLetters(string stream, BrokerSubscription subscription) => $"{stream}~{Safe(subscription.Address)}~dead";

    /// <summary>The lane of a key, the same in every process and version: FNV-1a over its UTF-8.</summary>
    internal static int LaneOf(string key)
    {
        var hash = 2166136261u;
        foreach (var unit in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ unit) * 16777619u;
        }

        // The low bits of FNV are its weakest.
        return (int)((hash ^ (hash >> 16)) % Lanes);
    }

    /// <summary>A text as a part of a name.</summary>
    internal static string Safe(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || unit is (byte)'-' or (byte)'_')
            {
                name.Append((char)unit);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"={unit:x2}");
            }
        }

        return name.ToString();
    }
}

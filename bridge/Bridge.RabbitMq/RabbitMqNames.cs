using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.RabbitMq;

/// <summary>What exchanges and queues are called.</summary>
internal static class RabbitMqNames
{
    /// <summary>How many lanes an ordered topic has: the messages of one key share a lane, and a lane has one message in work at a time.</summary>
    internal const int Lanes = 16;

    /// <summary>The exchange of a topic.</summary>
    internal static string Exchange(RabbitMqBrokerOptions options, BrokerTopic topic) => options.Prefix + topic.Address;

    /// <summary>The exchange of an ordered topic's messages that have a key.</summary>
    internal static string LaneExchange(string exchange) => $"{exchange}.lanes";

    /// <summary>By which name that exchange knows a lane.</summary>
    internal static string LaneName(int lane) => lane.ToString("00", CultureInfo.InvariantCulture);

    /// <summary>The queue of one lane of a subscription.</summary>
    internal static string LaneQueue(string queue, int lane) => $"{queue}.lane.{LaneName(lane)}";

    /// <summary>The queues of all lanes of a subscription.</summary>
    internal static IEnumerable<string> LaneQueues(string queue) => Enumerable.Range(0, Lanes).Select(lane => LaneQueue(queue, lane));

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

    /// <summary>The queue of a subscription.</summary>
    internal static string Queue(string exchange, BrokerSubscription subscription) => $"{exchange}.{subscription.Address}";

    /// <summary>The queue of a subscription's dead letters.</summary>
    internal static string DeadLetters(string queue) => $"{queue}.dead";

    /// <summary>The queue where messages of all subscriptions wait for a time, and the exchange that leads there.</summary>
    internal static string Waiting(RabbitMqBrokerOptions options, TimeSpan wait) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Prefix}encore.wait.{(long)wait.TotalMilliseconds}");
}

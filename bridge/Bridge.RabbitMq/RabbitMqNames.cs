using System.Globalization;
using System.Numerics;
using Bridge.Core.PubSub;

namespace Bridge.RabbitMq;

/// <summary>What exchanges and queues are called.</summary>
internal static class RabbitMqNames
{
    /// <summary>The exchange of a topic.</summary>
    internal static string Exchange(RabbitMqBrokerOptions options, BrokerTopic topic) => options.Prefix + topic.Address;

    /// <summary>The queue of a subscription.</summary>
    internal static string Queue(string exchange, BrokerSubscription subscription) => $"{exchange}.{subscription.Address}";

    /// <summary>The queue of a subscription's dead letters.</summary>
    internal static string DeadLetters(string queue) => $"{queue}.dead";

    /// <summary>The queue where messages wait for their next attempt.</summary>
    /// <param name="queue">The subscription's queue.</param>
    /// <param name="step">The power of two, in milliseconds, that waits there last at least.</param>
    internal static string Waiting(string queue, int step) => string.Create(CultureInfo.InvariantCulture, $"{queue}.retry.{1L << step}");

    /// <summary>
    /// The steps a subscription needs, lowest and highest. A message waits for those before it in its queue; since all waits of a queue lie within a
    /// factor of two, it waits no more than twice its time.
    /// </summary>
    internal static (int Lowest, int Highest) Steps(RetryPolicy retry) => (StepOf(retry.MinBackoff / 2), Math.Max(StepOf(retry.MinBackoff / 2), StepOf(retry.MaxBackoff)));

    /// <summary>The step of a wait.</summary>
    internal static int StepOf(TimeSpan wait) => Math.Clamp(BitOperations.Log2((ulong)Math.Max(wait.TotalMilliseconds, 1)), 0, 40);
}

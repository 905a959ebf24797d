using Bridge.Core.PubSub;

namespace Bridge.Nats.Receiving;

/// <summary>Where a subscription's messages come from.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Stream">The topic's stream.</param>
internal sealed record Feed(BrokerSubscription Subscription, string Stream)
{
    /// <summary>The stream of those that are given up, and its subject.</summary>
    internal required string DeadLetters { get; init; }

    /// <summary>The consumer of the messages that have no order.</summary>
    internal required string Consumer { get; init; }

    /// <summary>Of an ordered topic: the consumers of the others, each of which has one message in work at a time.</summary>
    internal required IReadOnlyList<string> Lanes { get; init; }

    /// <summary>How long a consumer waits for a word about a message.</summary>
    internal required TimeSpan Lease { get; init; }

    /// <summary>Of a topic that promises exactly-once: what this process has acknowledged last. A server that was killed may have forgotten it.</summary>
    internal AcknowledgedLog? Acknowledged { get; init; }

    /// <summary>How messages name the one subscription they are for.</summary>
    internal string Mark { get; } = NatsNames.Safe(Subscription.Address);
}

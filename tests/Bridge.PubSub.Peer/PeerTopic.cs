using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>The topic that peers share.</summary>
public static class PeerTopic
{
    /// <summary>How often a message that fails is tried again before it becomes a dead letter.</summary>
    public const int Retries = 2;

    /// <summary>With one subscription.</summary>
    public static BrokerTopic Create(TimeSpan ackDeadline, bool isOrdered) => new()
    {
        Name = "flow",
        Address = "flow",
        IsOrdered = isOrdered,
        Subscriptions =
        [
            new BrokerSubscription
            {
                Topic = "flow",
                Name = "journal",
                Address = "journal",
                AckDeadline = ackDeadline,
                Retry = new RetryPolicy(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50), Retries),
            },
        ],
    };
}

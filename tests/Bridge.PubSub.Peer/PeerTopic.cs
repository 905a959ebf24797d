using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>The topic that peers share.</summary>
public static class PeerTopic
{
    /// <summary>Ordered, with one subscription.</summary>
    public static BrokerTopic Create(TimeSpan ackDeadline) => new()
    {
        Name = "flow",
        Address = "flow",
        IsOrdered = true,
        Subscriptions =
        [
            new BrokerSubscription
            {
                Topic = "flow",
                Name = "journal",
                Address = "journal",
                AckDeadline = ackDeadline,
                Retry = new RetryPolicy(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50), RetryPolicy.Unlimited),
            },
        ],
    };
}

using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>The topic that peers share.</summary>
public static class PeerTopic
{
    /// <summary>Ordered, with one subscription whose leases end soon after a process has died.</summary>
    public static BrokerTopic Create() => new()
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
                AckDeadline = TimeSpan.FromSeconds(2),
                Retry = new RetryPolicy(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50), RetryPolicy.Unlimited),
            },
        ],
    };
}

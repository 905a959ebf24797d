using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub;

/// <summary>Topics' and subscriptions' full names. Immutable.</summary>
/// <param name="project">The project of plain names.</param>
internal sealed class GoogleNames(string project)
{
    // https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
    private const int MaxName = 255;
    private const string DeadSuffix = "-dead";

    /// <summary>A topic's: <c>projects/…/topics/…</c>.</summary>
    public string TopicOf(BrokerTopic topic) => Full(topic.Address, "topics");

    /// <summary>A subscription's: <c>projects/…/subscriptions/…</c>.</summary>
    public string SubscriptionOf(BrokerSubscription subscription) => Full(subscription.Address, "subscriptions");

    /// <summary>The topic where a subscription's dead letters go.</summary>
    public string DeadTopicOf(BrokerSubscription subscription) => Dead(subscription).Replace("/subscriptions/", "/topics/", StringComparison.Ordinal);

    /// <summary>The subscription that keeps a subscription's dead letters.</summary>
    public string DeadSubscriptionOf(BrokerSubscription subscription) => Dead(subscription);

    private string Dead(BrokerSubscription subscription)
    {
        var name = SubscriptionOf(subscription);
        var own = name[(name.LastIndexOf('/') + 1)..];
        return own.Length + DeadSuffix.Length > MaxName
            ? throw new BrokerException($"Pub/Sub subscription {name}: its name leaves no room for {DeadSuffix}", "give it a shorter name", isTransient: false)
            : name + DeadSuffix;
    }

    private string Full(string address, string kind) =>
        address.StartsWith("projects/", StringComparison.Ordinal) ? address : $"projects/{project}/{kind}/{address}";
}

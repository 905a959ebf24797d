using Bridge.Core.PubSub;

namespace Bridge.Kafka;

/// <summary>What topics and groups are called on the cluster.</summary>
/// <param name="prefix">Before all of them.</param>
internal sealed class KafkaNames(string prefix)
{
    // Kafka's own bound.
    private const int MaxLength = 249;

    /// <summary>The name of a topic.</summary>
    public string Topic(BrokerTopic topic) => Check(prefix + topic.Address);

    /// <summary>The names that belong to a subscription.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="subscription">The subscription.</param>
    public SubscriptionNames Subscription(BrokerTopic topic, BrokerSubscription subscription)
    {
        var main = Topic(topic);
        var stem = $"{main}.{subscription.Address}";

        // A group that the configuration names is called just that: its administrator has given it rights.
        var group = subscription.Address == subscription.Name ? stem : prefix + subscription.Address;
        return new SubscriptionNames(main, group, Check(stem + ".retry"), Check(stem + ".dead"));
    }

    private static string Check(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? name
            : throw new BrokerException(
                $"\"{name}\" can't be the name of a Kafka topic.",
                $"Give it another in the configuration: letters, digits, '.', '_' and '-', {MaxLength} at most.", isTransient: false);
}

/// <summary>The names that belong to a subscription.</summary>
/// <param name="Topic">Where its messages are published.</param>
/// <param name="Group">What its processes share its messages as.</param>
/// <param name="Retry">The topic of messages that are to come again.</param>
/// <param name="Dead">The topic of its dead letters.</param>
internal sealed record SubscriptionNames(string Topic, string Group, string Retry, string Dead);

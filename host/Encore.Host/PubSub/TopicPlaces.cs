using Bridge.Core.PubSub;
using Bridge.Core.Schema;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.PubSub;

/// <summary>A topic with the broker that carries it.</summary>
/// <param name="Topic">The topic as the broker has to carry it.</param>
/// <param name="Broker">The broker.</param>
internal sealed record PlacedTopic(BrokerTopic Topic, BrokerConfig Broker);

/// <summary>Finds where an application's topics are.</summary>
internal static class TopicPlaces
{
    // With no configuration, everything runs on this machine.
    private static readonly BrokerConfig Embedded = new("pubsub", BrokerFactory.EmbeddedType);

    /// <summary>Finds the broker of each topic.</summary>
    /// <param name="application">The application.</param>
    /// <param name="brokers">The brokers that the configuration names; none: all topics are embedded.</param>
    /// <param name="problems">Receives a line for each mistake.</param>
    /// <returns>All topics that have a broker, in the application's order.</returns>
    public static IReadOnlyList<PlacedTopic> Find(Application application, IReadOnlyList<BrokerConfig> brokers, ICollection<string> problems)
    {
        ReportUnknown(application, brokers, problems);
        var subscriptions = application.Subscriptions.ToLookup(subscription => subscription.Topic);
        var places = new List<PlacedTopic>();
        for (var i = 0; i < application.Topics.Count; i++)
        {
            var topic = application.Topics[i];
            var broker = brokers.FirstOrDefault(config => config.Topics?.ContainsKey(topic.Name) == true) ?? brokers.FirstOrDefault(config => config.Topics is null);
            if (broker is null && brokers.Count > 0)
            {
                // A topic of an application in production that is made here by mistake would be found out when its messages are missed.
                problems.Add($"pubsub: topic {topic.Name} is on none of the brokers; add it to the topics of one of them");
                continue;
            }

            broker ??= Embedded;
            places.Add(new PlacedTopic(Place(topic, [.. subscriptions[(uint)i]], broker.Topics?.GetValueOrDefault(topic.Name)), broker));
        }

        return places;
    }

    private static BrokerTopic Place(TopicSchema topic, IReadOnlyList<SubscriptionSchema> subscriptions, TopicPlace? place) => new()
    {
        Name = topic.Name,
        Address = place?.Address ?? topic.Name,
        Guarantee = topic.Guarantee == TopicGuarantee.ExactlyOnce ? DeliveryGuarantee.ExactlyOnce : DeliveryGuarantee.AtLeastOnce,
        IsOrdered = topic.OrderingAttribute.Length > 0,
        Subscriptions = [.. subscriptions.Select(subscription => new BrokerSubscription
        {
            Topic = topic.Name,
            Name = subscription.Name,
            Address = place?.Subscriptions.GetValueOrDefault(subscription.Name) ?? subscription.Name,
            AckDeadline = TimeSpan.FromSeconds(subscription.AckDeadlineSeconds),
            MessageRetention = TimeSpan.FromSeconds(subscription.MessageRetentionSeconds),
            Retry = new RetryPolicy(
                TimeSpan.FromSeconds(subscription.MinBackoffSeconds), TimeSpan.FromSeconds(subscription.MaxBackoffSeconds), subscription.MaxRetries),
            MaxConcurrency = subscription.HasMaxConcurrency ? (int)subscription.MaxConcurrency : 0,
        })],
    };

    private static void ReportUnknown(Application application, IReadOnlyList<BrokerConfig> brokers, ICollection<string> problems)
    {
        foreach (var broker in brokers)
        {
            foreach (var (name, place) in broker.Topics ?? new Dictionary<string, TopicPlace>())
            {
                var index = application.Topics.ToList().FindIndex(topic => topic.Name == name);
                if (index < 0)
                {
                    problems.Add($"{broker.Place}.topics.{name}: the application has no topic {name}; it has {string.Join(", ", application.Topics.Select(topic => topic.Name))}");
                    continue;
                }

                var declared = application.Subscriptions.Where(subscription => subscription.Topic == index).Select(subscription => subscription.Name).ToList();
                foreach (var unknown in place.Subscriptions.Keys.Except(declared, StringComparer.Ordinal))
                {
                    problems.Add($"{broker.Place}.topics.{name}.subscriptions.{unknown}: the topic has no subscription {unknown}; it has {string.Join(", ", declared)}");
                }
            }
        }
    }
}

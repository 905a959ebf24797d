using Bridge.Core.PubSub;
using Bridge.Core.Schema;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.PubSub;

namespace Encore.Host.Tests.PubSub;

/// <summary>Which broker carries which topic.</summary>
public sealed class TopicPlacesTests
{
    [Fact]
    public void Find_NoConfiguration_IsEmbeddedAsDeclared()
    {
        var places = Find([], out var problems);

        Assert.Empty(problems);
        Assert.Equal(["embedded", "embedded"], places.Select(place => place.Broker.Type));
        var orders = places[0].Topic;
        Assert.Equal(("orders", "orders", DeliveryGuarantee.ExactlyOnce, true), (orders.Name, orders.Address, orders.Guarantee, orders.IsOrdered));
        var ledger = Assert.Single(orders.Subscriptions);
        Assert.Equal(
            ("orders", "ledger", "ledger", TimeSpan.FromSeconds(30), TimeSpan.FromDays(7), 5),
            (ledger.Topic, ledger.Name, ledger.Address, ledger.AckDeadline, ledger.MessageRetention, ledger.MaxConcurrency));
        Assert.Equal(new RetryPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 3), ledger.Retry);
        Assert.Equal(0, Assert.Single(places[1].Topic.Subscriptions).MaxConcurrency);
    }

    [Fact]
    public void Find_ListedTopicsAndOneBrokerForTheRest_HaveTheirNamesThere()
    {
        var nats = new BrokerConfig("pubsub[0]", "nats")
        {
            Topics = new Dictionary<string, TopicPlace> { ["orders"] = new("prod.orders", new Dictionary<string, string> { ["ledger"] = "prod-ledger" }) },
        };
        var rest = new BrokerConfig("pubsub[1]", "redis_streams");

        var places = Find([nats, rest], out var problems);

        Assert.Empty(problems);
        Assert.Equal([("prod.orders", "nats", "prod-ledger"), ("signups", "redis_streams", "mail")], places.Select(place => (place.Topic.Address, place.Broker.Type, place.Topic.Subscriptions[0].Address)));
    }

    [Fact]
    public void Find_TopicOnNoBroker_IsTold()
    {
        var nats = new BrokerConfig("pubsub[0]", "nats") { Topics = new Dictionary<string, TopicPlace> { ["orders"] = new("orders", new Dictionary<string, string>()) } };

        Find([nats], out var problems);

        Assert.Equal(["pubsub: topic signups is on none of the brokers; add it to the topics of one of them"], problems);
    }

    [Fact]
    public void Find_UnknownNames_AreTold()
    {
        var nats = new BrokerConfig("pubsub[0]", "nats")
        {
            Topics = new Dictionary<string, TopicPlace>
            {
                ["order"] = new("order", new Dictionary<string, string>()),
                ["orders"] = new("orders", new Dictionary<string, string> { ["ledgers"] = "x" }),
            },
        };

        Find([nats, new BrokerConfig("pubsub[1]", "embedded")], out var problems);

        Assert.Equal(
            [
                "pubsub[0].topics.order: the application has no topic order; it has orders, signups",
                "pubsub[0].topics.orders.subscriptions.ledgers: the topic has no subscription ledgers; it has ledger",
            ],
            problems);
    }

    private static IReadOnlyList<PlacedTopic> Find(IReadOnlyList<BrokerConfig> brokers, out List<string> problems)
    {
        problems = [];
        return TopicPlaces.Find(
            new Application
            {
                Topics =
                {
                    new TopicSchema { Name = "orders", Guarantee = TopicGuarantee.ExactlyOnce, OrderingAttribute = "customer" },
                    new TopicSchema { Name = "signups", Guarantee = TopicGuarantee.AtLeastOnce },
                },
                Subscriptions = { Subscription(0, "ledger", 5), Subscription(1, "mail", null) },
            },
            brokers,
            problems);
    }

    private static SubscriptionSchema Subscription(uint topic, string name, uint? maxConcurrency)
    {
        var subscription = new SubscriptionSchema
        {
            Topic = topic,
            Name = name,
            AckDeadlineSeconds = 30,
            MessageRetentionSeconds = 7 * 24 * 3600,
            MinBackoffSeconds = 1,
            MaxBackoffSeconds = 60,
            MaxRetries = 3,
        };
        if (maxConcurrency is { } limit)
        {
            subscription.MaxConcurrency = limit;
        }

        return subscription;
    }
}

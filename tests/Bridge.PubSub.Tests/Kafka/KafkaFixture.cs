using Bridge.Kafka;

namespace Bridge.PubSub.Tests.Kafka;

/// <summary>A cluster with a topic "orders" and its subscription "ledger", and brokers of one or more processes for it.</summary>
internal sealed class KafkaFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<KafkaBroker> _brokers = [];

    public KafkaFixture(bool isOrdered = false, int partitions = 2, int brokers = 1, TimeSpan? ackDeadline = null)
    {
        Cluster = new MockCluster(brokers);
        Ledger = new BrokerSubscription { Topic = "orders", Name = "ledger", Address = "ledger", AckDeadline = ackDeadline ?? TimeSpan.FromSeconds(30) };
        Mail = new BrokerSubscription { Topic = "orders", Name = "mail", Address = "mail-group" };
        Orders = new BrokerTopic { Name = "orders", Address = "orders", IsOrdered = isOrdered, Subscriptions = [Ledger, Mail] };
        Cluster.CreateTopic("orders", partitions);
        foreach (var name in new[] { "orders.ledger.retry", "orders.ledger.dead", "orders.mail-group.retry", "orders.mail-group.dead" })
        {
            Cluster.CreateTopic(name, 2);
        }
    }

    public MockCluster Cluster { get; }

    public BrokerTopic Orders { get; }

    public BrokerSubscription Ledger { get; }

    public BrokerSubscription Mail { get; }

    /// <summary>A broker of its own.</summary>
    /// <param name="publishTimeout">How long publishing waits for the cluster; short where a test waits for it to give up.</param>
    public KafkaBroker NewBroker(TimeSpan? publishTimeout = null)
    {
        var broker = new KafkaBroker(
            new KafkaBrokerOptions
            {
                BootstrapServers = Cluster.BootstrapServers,
                PublishTimeout = publishTimeout ?? TimeSpan.FromSeconds(3),
                RequestTimeout = TimeSpan.FromSeconds(5),
                SessionTimeout = TimeSpan.FromSeconds(2),
            },
            [Orders]);
        _brokers.Add(broker);
        return broker;
    }

    public static OutgoingMessage Message(string text, string? key = null) =>
        new() { Body = System.Text.Encoding.UTF8.GetBytes($"\"{text}\""), OrderingKey = key };

    public static string TextOf(Delivery delivery) => System.Text.Encoding.UTF8.GetString(delivery.Body.Span).Trim('"');

    public static async Task PublishAsync(IMessageBroker broker, BrokerTopic topic, params OutgoingMessage[] messages) =>
        Assert.All(await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None), result => Assert.Null(result.Error));

    /// <summary>Waits for a number of messages; fails where they don't come.</summary>
    public static async Task<List<Delivery>> ReceiveAsync(IMessageSource source, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var deliveries = new List<Delivery>();
        while (deliveries.Count < count)
        {
            deliveries.AddRange(await source.ReceiveAsync(count - deliveries.Count, patience.Token));
        }

        return deliveries;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers)
        {
            await broker.DisposeAsync();
        }

        Cluster.Dispose();
    }
}

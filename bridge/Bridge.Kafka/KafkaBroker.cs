using System.Collections.Concurrent;
using Bridge.Core.PubSub;

namespace Bridge.Kafka;

/// <summary>
/// Carries topics on a Kafka cluster: a topic each, a consumer group for each subscription, and beside it a retry topic and a compacted
/// dead-letter topic. Thread: any.
/// </summary>
/// <remarks>
/// What Kafka's model means for subscriptions: as many processes share one as the topic has partitions; a new one begins with the oldest
/// message the topic still has; an attempt that a crash ended isn't counted, since nothing is written before a handler runs; and a crash brings
/// back all that was handled behind the first message that wasn't.
/// </remarks>
public sealed class KafkaBroker : IMessageBroker
{
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly KafkaNames _names;
    private readonly KafkaClients _clients;
    private readonly KafkaSender _sender;
    private readonly KafkaTopics _cluster;
    private readonly ConcurrentBag<KafkaSource> _sources = [];

    /// <summary>Describes a cluster; nothing is connected before it is used.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="topics">The topics it carries, with all their subscriptions.</param>
    public KafkaBroker(KafkaBrokerOptions options, IReadOnlyList<BrokerTopic> topics)
        : this(options, topics, maker: null)
    {
    }

    /// <summary>As above, with something else than the cluster to make topics: its test double can't.</summary>
    internal KafkaBroker(KafkaBrokerOptions options, IReadOnlyList<BrokerTopic> topics, ITopicMaker? maker)
    {
        ArgumentNullException.ThrowIfNull(options);
        _topics = topics;
        _names = new KafkaNames(options.Prefix);
        _clients = new KafkaClients(options);
        _sender = new KafkaSender(_clients);
        _cluster = new KafkaTopics(_clients, maker ?? new TopicMaker(options, _clients));
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "kafka", KeepsOrder = true, CountsLostAttempts = false };

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation) =>
        _cluster.PrepareAsync(_topics.SelectMany(TopicsOf).ToList(), provision, cancellation);

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return new KafkaPublisher(_sender, _names.Topic(topic), topic.IsOrdered);
    }

    /// <inheritdoc/>
    public ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var topic = TopicOf(subscription);
        var source = new KafkaSource(_names.Subscription(topic, subscription), subscription, topic.IsOrdered, _clients, _sender);
        _sources.Add(source);
        return ValueTask.FromResult<IMessageSource>(source);
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) =>
        new DeadLetterTopic(_names.Subscription(TopicOf(subscription), subscription), _clients, _sender);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sources.Select(source => source.DisposeAsync().AsTask()));
        await Task.Run(_sender.Dispose);
    }

    /// <summary>Ends as a crash does: the cluster isn't told. For tests.</summary>
    internal Task VanishAsync() => Task.WhenAll(_sources.Select(source => source.VanishAsync()));

    private BrokerTopic TopicOf(BrokerSubscription subscription) =>
        _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
        ?? throw new ArgumentException($"Topic \"{subscription.Topic}\" isn't on this broker.", nameof(subscription));

    private IEnumerable<NeededTopic> TopicsOf(BrokerTopic topic)
    {
        var retention = topic.Subscriptions.Select(subscription => subscription.MessageRetention).DefaultIfEmpty(TimeSpan.FromDays(7)).Max();
        yield return new NeededTopic(_names.Topic(topic), $"topic \"{topic.Name}\"", retention);
        foreach (var subscription in topic.Subscriptions)
        {
            var names = _names.Subscription(topic, subscription);
            var owner = $"of subscription \"{subscription.Name}\" of topic \"{topic.Name}\"";
            yield return new NeededTopic(names.Retry, $"retries {owner}", subscription.MessageRetention + subscription.Retry.MaxBackoff);
            yield return new NeededTopic(names.Dead, $"dead letters {owner}", Retention: null);
        }
    }
}

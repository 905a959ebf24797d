using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using Bridge.RabbitMq.Receiving;

namespace Bridge.RabbitMq;

/// <summary>Carries messages by RabbitMQ (3.10 or newer): a fanout exchange for each topic, a quorum queue for each subscription. Thread: any.</summary>
/// <remarks>
/// <para>
/// A published message is confirmed once a majority of the queue's servers has it on disk; many are on their way at a time, and the server speaks of
/// many at once, as this side does of those that are handled.
/// </para>
/// <para>
/// Acknowledgements aren't answered by the server: one that a breaking connection loses makes the message come again. A message belongs to this process
/// for as long as the connection lasts, but no longer than the server's <c>consumer_timeout</c>, half an hour unless set otherwise: a handler that takes
/// longer has its messages given to others.
/// </para>
/// <para>
/// A message that waits, to be tried again or to be delivered later, stays in queues that all subscriptions share: see <see cref="WaitPlan"/>.
/// </para>
/// <para>
/// Messages with an ordering key go by another exchange and 16 queues for each subscription, each read by one process at a time, one message at a
/// time. One of them that waits to be tried again does so in the process that has it and holds up those behind it; where that process ends, it comes
/// at once.
/// </para>
/// <para>It knows no deduplication ids. Messages that are given back count as tried.</para>
/// </remarks>
public sealed class RabbitMqBroker : IMessageBroker
{
    private readonly RabbitMqBrokerOptions _options;
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly RabbitMqLink _link;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<RabbitMqSource, bool> _sources = [];

    /// <summary>A broker that isn't connected yet: <see cref="PrepareAsync"/> does that.</summary>
    /// <param name="options">Where the server is.</param>
    /// <param name="topics">The topics it carries.</param>
    /// <param name="time">The clock of messages.</param>
    /// <exception cref="BrokerException">An address is malformed.</exception>
    public RabbitMqBroker(RabbitMqBrokerOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null)
    {
        _options = options;
        _topics = topics;
        _time = time ?? TimeProvider.System;
        _link = new RabbitMqLink(options);
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "rabbitmq", KeepsOrder = true, CanDelay = true };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation)
    {
        await using var provisioning = new Provisioning(_link, _options, provision);
        return await provisioning.PrepareAsync(_topics, cancellation);
    }

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new RabbitMqPublisher(_link, _options, topic, _time);

    /// <inheritdoc/>
    public ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var topic = TopicOf(subscription);
        var queue = QueueOf(topic, subscription);
        var source = new RabbitMqSource(_link, subscription, queue, topic.IsOrdered ? RabbitMqNames.LaneQueues(queue) : [], _time, ended => _sources.TryRemove(ended, out _));
        _sources[source] = true;
        return new(source);
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription)
    {
        var topic = TopicOf(subscription);
        return new RabbitMqDeadLetters(_link, QueueOf(topic, subscription), topic.IsOrdered);
    }

    /// <inheritdoc/>
    /// <remarks>Sources that are still open end first, and give back what they have.</remarks>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Keys)
        {
            await source.DisposeAsync();
        }

        await _link.DisposeAsync();
    }

    private string QueueOf(BrokerTopic topic, BrokerSubscription subscription) => RabbitMqNames.Queue(RabbitMqNames.Exchange(_options, topic), subscription);

    private BrokerTopic TopicOf(BrokerSubscription subscription) =>
        _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
        ?? throw new ArgumentException($"The topic {subscription.Topic} isn't one of this broker's.", nameof(subscription));
}

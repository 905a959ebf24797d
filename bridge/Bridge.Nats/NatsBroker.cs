using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Bridge.Nats.Connections;
using Bridge.Nats.JetStream;
using Bridge.Nats.Receiving;

namespace Bridge.Nats;

/// <summary>Carries messages by NATS JetStream (nats-server 2.9 or newer): a stream for each topic, a durable pull consumer for each subscription. Thread: any.</summary>
/// <remarks>
/// <para>
/// A stream keeps a message until every subscription has acknowledged it, however long that takes (of servers before 2.9.16,
/// <see cref="AcknowledgedSweeper"/> sees to that): the consumer of a subscription that an application
/// no longer has must be deleted, or its messages stay. A stream that refuses messages at a limit of its own fails the publishing.
/// </para>
/// <para>
/// A published message is in the server's file, written but not yet forced to the disk: it survives the end of the server, and with
/// <see cref="NatsBrokerOptions.Replicas"/> of 3 the loss of a machine; a single machine that loses power may lose the last moments, unless the
/// server's <c>sync_interval</c> says <c>always</c>. Acknowledgements are written a moment later: after a server was killed, messages of its last
/// moments come again. Those of a topic that promises exactly-once are known again by the process that acknowledged them, not by others.
/// </para>
/// <para>
/// Order: the messages of one key share one of 16 lanes, and each subscription has one message of a lane in work at a time, over all processes.
/// So a message that waits to be tried again holds up its lane, also for the other keys there, and so does one that is published for later; no more
/// than 16 messages with a key are in work at a time. Those without a key have no order and are held up by nothing.
/// </para>
/// <para>
/// Attempts are counted by the server: a message that was given back unbegun counts as tried, also one that came
/// just after receiving had ended. One that is published for later is handed out and put
/// back once before it is due, which isn't counted; if it became due before it was first handed out, its first attempt isn't counted either.
/// </para>
/// <para>
/// The server knows deduplication ids again for ten minutes; those of a topic that promises exactly-once, for the longest retention of its
/// subscriptions, which costs the server some hundred bytes of memory for each.
/// </para>
/// </remarks>
public sealed class NatsBroker : IMessageBroker
{
    private readonly NatsBrokerOptions _options;
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly Connection _connection;
    private readonly JetStreamApi _api;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<NatsSource, bool> _sources = [];
    private AcknowledgedSweeper? _sweeper;

    /// <summary>A broker that isn't connected yet: <see cref="PrepareAsync"/> does that.</summary>
    /// <param name="options">Where the server is.</param>
    /// <param name="topics">The topics it carries.</param>
    /// <param name="time">The clock by which messages are due.</param>
    /// <exception cref="BrokerException">An address is malformed.</exception>
    public NatsBroker(NatsBrokerOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null)
    {
        _options = options;
        _topics = topics;
        _time = time ?? TimeProvider.System;
        _connection = new Connection(options);
        _api = new JetStreamApi(_connection, options);
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "nats", KeepsOrder = true, Deduplicates = true, CanDelay = true };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation)
    {
        await _connection.OpenAsync(cancellation);
        var provisioning = new Provisioning(_api, _options, provision);
        foreach (var topic in _topics)
        {
            await provisioning.PrepareAsync(topic, cancellation);
        }

        _sweeper ??= new AcknowledgedSweeper(_connection, _api, [.. _topics.Select(topic => NatsNames.Stream(_options, topic))]);

        return provisioning.Missing;
    }

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new NatsPublisher(_connection, _options, topic);

    /// <inheritdoc/>
    public async ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var topic = TopicOf(subscription);
        var stream = NatsNames.Stream(_options, topic);
        var consumer = NatsNames.Consumer(subscription);
        var found = (await _api.ConsumerAsync(stream, consumer, cancellation))?.Config ?? throw Absent(stream, consumer);
        var feed = new Feed(subscription, stream)
        {
            DeadLetters = NatsNames.DeadLetters(stream, subscription),
            Consumer = consumer,
            Lanes = topic.IsOrdered ? [.. Enumerable.Range(0, NatsNames.Lanes).Select(lane => NatsNames.Consumer(subscription, lane))] : [],
            Acknowledged = topic.Guarantee == DeliveryGuarantee.ExactlyOnce ? new AcknowledgedLog() : null,
            Lease = TimeSpan.FromTicks(found.AckWait / TimeSpan.NanosecondsPerTick),
        };
        var source = new NatsSource(_connection, _api, feed, _time, ended => _sources.TryRemove(ended, out _));
        _sources[source] = true;
        return source;
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription)
    {
        var stream = NatsNames.Stream(_options, TopicOf(subscription));
        return new NatsDeadLetters(_api, NatsNames.DeadLetters(stream, subscription), subscription);
    }

    /// <inheritdoc/>
    /// <remarks>Sources that are still open end first, and give back what they have.</remarks>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Keys)
        {
            await source.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _sweeper, null) is { } sweeper)
        {
            await sweeper.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    /// <summary>A consumer isn't there.</summary>
    internal static BrokerException Absent(string stream, string consumer) =>
        new($"NATS has no consumer {consumer} of the stream {stream}.", "Start the host with provisioning on, or make it.", isTransient: false);

    private BrokerTopic TopicOf(BrokerSubscription subscription) =>
        _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
        ?? throw new ArgumentException($"The topic {subscription.Topic} isn't one of this broker's.", nameof(subscription));
}

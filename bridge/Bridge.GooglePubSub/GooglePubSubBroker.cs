using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Bridge.GooglePubSub.DeadLetters;
using Bridge.GooglePubSub.Push;
using Bridge.GooglePubSub.Receiving;

namespace Bridge.GooglePubSub;

/// <summary>Carries messages by Google Cloud Pub/Sub. Thread: any.</summary>
/// <remarks>
/// Addresses are names within the options' project, or whole ones: <c>projects/…/topics/…</c>, <c>projects/…/subscriptions/…</c>. Dead letters
/// are kept by a topic and a subscription called as the subscription is, with <c>-dead</c> at their ends. A retry comes after 10 minutes at most,
/// and Pub/Sub itself gives a message up, into the same place, after its hundredth delivery. Exactly-once topics have subscriptions of exactly-once
/// delivery; what is published twice is two messages. Where Pub/Sub sends messages by itself, it decides when a retry comes, as the subscription's
/// retry policy there says, and delivers at least once.
/// </remarks>
public sealed class GooglePubSubBroker : IMessageBroker
{
    private readonly GoogleConnection _connection;
    private readonly GoogleNames _names;
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly ConcurrentDictionary<string, SubscriptionLink> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<IMessageSource> _sources = [];
    private readonly HttpClient _keyClient = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly PushKeys _keys;
    private readonly List<PushReceiver> _receivers;

    /// <summary>A broker for topics. Nothing is reached for before it is prepared or used.</summary>
    /// <param name="options">How the service is reached.</param>
    /// <param name="topics">The topics it carries.</param>
    /// <param name="time">The clock of pauses and leases; null for the system's.</param>
    /// <exception cref="BrokerException">The credentials can't be read.</exception>
    public GooglePubSubBroker(GooglePubSubOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null)
    {
        _topics = topics;
        _names = new GoogleNames(options.ProjectId);
        _connection = new GoogleConnection(options, time ?? TimeProvider.System);
        _keys = new PushKeys(cancellation => _keyClient.GetStringAsync(options.PushKeysAddress, cancellation), _connection.Time);
        _receivers = [.. from topic in topics
                         from subscription in topic.Subscriptions
                         from push in options.Pushes
                         where push.Topic == subscription.Topic && push.Subscription == subscription.Name
                         select new PushReceiver(push, _names.SubscriptionOf(subscription), _keys, _connection.Time)];
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "gcp_pubsub", KeepsOrder = true };

    /// <inheritdoc/>
    public IReadOnlyList<IPushReceiver> Receivers => _receivers;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation) =>
        new Provisioner(_connection, _names, subscription => ReceiverOf(subscription)?.Push, provision).RunAsync(_topics, cancellation);

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new GooglePublisher(_connection, topic, _names.TopicOf(topic));

    /// <inheritdoc/>
    public ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var path = _names.SubscriptionOf(subscription);
        IMessageSource source;
        if (ReceiverOf(subscription) is { } receiver)
        {
            var pushed = new PushSource(path, DeadLetters(subscription), subscription);
            receiver.Attach(pushed);
            source = pushed;
        }
        else
        {
            source = new GoogleSource(LinkOf(path), DeadLetters(subscription), subscription);
        }

        _sources.Add(source);
        return new ValueTask<IMessageSource>(source);
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => DeadLetters(subscription);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sources.Select(source => source.DisposeAsync().AsTask()));
        _connection.Dispose();
        _keys.Dispose();
        _keyClient.Dispose();
    }

    private PushReceiver? ReceiverOf(BrokerSubscription subscription) =>
        _receivers.Find(receiver => receiver.Push.Topic == subscription.Topic && receiver.Push.Subscription == subscription.Name);

    private GoogleDeadLetters DeadLetters(BrokerSubscription subscription)
    {
        var topic = _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
            ?? throw new BrokerException($"topic {subscription.Topic} isn't on this broker", isTransient: false);
        return new GoogleDeadLetters(
            _connection,
            _names.SubscriptionOf(subscription),
            _names.TopicOf(topic),
            _names.DeadTopicOf(subscription),
            LinkOf(_names.DeadSubscriptionOf(subscription)));
    }

    private SubscriptionLink LinkOf(string path) =>
        _links.GetOrAdd(path, static (name, connection) => new SubscriptionLink(connection, name), _connection);
}

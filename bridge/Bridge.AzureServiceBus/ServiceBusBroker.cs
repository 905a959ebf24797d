using System.Collections.Concurrent;
using Bridge.AzureServiceBus.Connections;
using Bridge.AzureServiceBus.DeadLetters;
using Bridge.AzureServiceBus.Provisioning;
using Bridge.AzureServiceBus.Publishing;
using Bridge.AzureServiceBus.Receiving;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus;

/// <summary>
/// Carries messages by Azure Service Bus over AMQP 1.0: a topic is one there, a subscription one of its subscriptions. Ordered topics' subscriptions
/// have sessions, exactly-once topics know messages again for an hour. Thread: any.
/// </summary>
/// <remarks>
/// <para>
/// Messages are locked for this process while they are handled. Acknowledgements aren't answered by the service: one that a breaking connection loses
/// makes the message come again.
/// </para>
/// <para>
/// A message that is to be tried again within half a minute stays locked here until then. For a longer wait a copy of it is scheduled at the topic, with
/// a name of its own, the attempts so far and the subscription it is for; then the message itself is completed. The subscriptions that the host makes
/// have a filter that passes other subscriptions' copies by, and where one takes all, the host throws them away; foreign programs that receive from
/// such a topic see them. The message's place and its number at the service aren't kept. With sessions nothing is copied: the session stays here until
/// the wait is over.
/// </para>
/// </remarks>
public sealed class ServiceBusBroker : IMessageBroker
{
    private readonly ServiceBusBrokerOptions _options;
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly ServiceBusConnection _connection;
    private readonly ConcurrentDictionary<IMessageSource, bool> _sources = [];

    /// <summary>A broker that isn't connected yet: <see cref="PrepareAsync"/> does that.</summary>
    /// <param name="options">Where the namespace is.</param>
    /// <param name="topics">The topics it carries.</param>
    /// <param name="time">The clock of messages and waits; null for the system's.</param>
    /// <exception cref="BrokerException">The connection string is malformed.</exception>
    public ServiceBusBroker(ServiceBusBrokerOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null)
    {
        _options = options;
        _topics = topics;
        _connection = new ServiceBusConnection(options, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "azure_service_bus", KeepsOrder = true, Deduplicates = true, CanDelay = true };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation)
    {
        using var entities = new EntityClient(_connection);
        return await new Provisioner(_connection, entities, provision).RunAsync(_topics, cancellation);
    }

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new ServiceBusPublisher(_connection, EntityPlace.TopicOf(_options, topic), topic.IsOrdered);

    /// <inheritdoc/>
    public ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var place = PlaceOf(subscription);
        var settings = new SourceSettings(
            place.Path, place.Subscription, EntityDescriptions.LockOf(subscription, _options), new TopicSender(_connection, place.Topic));
        void Forget(IMessageSource ended) => _sources.TryRemove(ended, out _);
        IMessageSource source = place.IsOrdered ? new SessionSource(_connection, settings, Forget) : new QueueSource(_connection, settings, Forget);
        _sources[source] = true;
        return new(source);
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => new ServiceBusDeadLetters(_connection, PlaceOf(subscription));

    /// <inheritdoc/>
    /// <remarks>Sources that are still open end first, and give back what they have.</remarks>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sources.Keys.Select(source => source.DisposeAsync().AsTask()));
        await _connection.DisposeAsync();
    }

    private EntityPlace PlaceOf(BrokerSubscription subscription)
    {
        var topic = _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
            ?? throw new ArgumentException($"The topic {subscription.Topic} isn't one of this broker's.", nameof(subscription));
        return EntityPlace.Of(_options, topic, subscription);
    }
}

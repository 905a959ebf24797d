using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Bridge.Sqs.DeadLetters;
using Bridge.Sqs.Provisioning;
using Bridge.Sqs.Queues;
using Bridge.Sqs.Topics;

namespace Bridge.Sqs;

/// <summary>
/// Carries messages by AWS: a topic is an SNS topic, a subscription an SQS queue that is subscribed to it. Ordered and exactly-once topics are
/// FIFO ones. Thread: any.
/// </summary>
/// <remarks>
/// Topics' addresses are ARNs or names, subscriptions' are ARNs, URLs or names of queues; a queue that is given by its plain name is called
/// <c>topic-subscription</c>. Dead letters are in a queue called as the subscription's, with <c>-dead</c> at its end. A queue's own redrive
/// policy is left as it is. SNS knows a message again by its deduplication id for five minutes.
/// </remarks>
public sealed class SqsBroker : IMessageBroker
{
    private readonly AwsConnection _connection;
    private readonly SnsClient _sns;
    private readonly Places _places;
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly ConcurrentDictionary<(string Topic, string Subscription), DeadLetterQueue> _dead = new();
    private readonly ConcurrentBag<SqsSource> _sources = [];

    /// <summary>A broker for topics. Nothing is reached for before it is prepared or used.</summary>
    /// <param name="options">How AWS is reached.</param>
    /// <param name="topics">The topics it carries.</param>
    /// <param name="time">The clock of pauses and leases; null for the system's.</param>
    /// <exception cref="BrokerException">No region is given, or half an access key.</exception>
    public SqsBroker(SqsBrokerOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null)
    {
        _topics = topics;
        var addresses = topics.SelectMany(topic => topic.Subscriptions.Select(subscription => subscription.Address).Prepend(topic.Address));
        var region = addresses.Select(address => AwsName.Parse(address).Region).FirstOrDefault(name => name is { Length: > 0 });
        _connection = new AwsConnection(options, region, time ?? TimeProvider.System);
        _sns = new SnsClient(_connection);
        _places = new Places(_connection, _sns);
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "aws_sns_sqs", KeepsOrder = true, Deduplicates = true };

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation) =>
        new Provisioner(_connection, _sns, _places, provision).RunAsync(_topics, cancellation);

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) =>
        new SnsPublisher(_sns, topic.Name, cancellation => _places.TopicAsync(topic, cancellation));

    /// <inheritdoc/>
    public async ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var queue = await _places.QueueAsync(NameOf(subscription), cancellation);
        var source = new SqsSource(queue, DeadLetterQueueOf(subscription), subscription.AckDeadline, _connection.Options.LongPoll);
        _sources.Add(source);
        return source;
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => DeadLetterQueueOf(subscription);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sources.Select(source => source.DisposeAsync().AsTask()));
        _sns.Dispose();
        _connection.Dispose();
    }

    private DeadLetterQueue DeadLetterQueueOf(BrokerSubscription subscription) =>
        _dead.GetOrAdd((subscription.Topic, subscription.Name), static (_, self) => self.broker.MakeDeadLetterQueue(self.subscription), (broker: this, subscription));

    private DeadLetterQueue MakeDeadLetterQueue(BrokerSubscription subscription)
    {
        var name = NameOf(subscription);
        var dead = new AwsName { Name = name.DeadLetterName(), Account = name.Account };
        return new DeadLetterQueue(
            cancellation => _places.QueueAsync(dead, cancellation), cancellation => _places.QueueAsync(name, cancellation), _connection.Time);
    }

    private AwsName NameOf(BrokerSubscription subscription)
    {
        var topic = _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
            ?? throw new BrokerException($"topic {subscription.Topic} isn't on this broker", isTransient: false);
        return _places.NameOf(topic, subscription);
    }
}

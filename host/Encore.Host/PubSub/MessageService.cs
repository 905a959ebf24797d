using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Bridge.Core.Schema;
using Bridge.Postgres.Queries;
using Encore.Host.Databases;
using Encore.Host.Logging;

namespace Encore.Host.PubSub;

/// <summary>Publishes an application's messages, and has those that reach this process handled until it is stopped.</summary>
internal sealed class MessageService : IAsyncDisposable
{
    // What handlers are given to notice that they are given up, before the brokers are left.
    private static readonly TimeSpan GivingUpTime = TimeSpan.FromSeconds(1);

    private readonly ApplicationTopics _topics;
    private readonly MessageLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly List<Task> _runs = [];
    private readonly Dictionary<string, ITopicPublisher> _publishers;
    private Outboxes? _outboxes;

    /// <param name="topics">The application's topics. The service's to end.</param>
    /// <param name="sql">Keeps the messages of transactions.</param>
    /// <param name="log">Receives a line for each message.</param>
    /// <param name="time">The clock of waits and leases.</param>
    public MessageService(ApplicationTopics topics, SqlOperations sql, LogSink log, TimeProvider time)
    {
        _topics = topics;
        _log = new MessageLog(log);
        _time = time;
        _publishers = topics.All.ToDictionary(topic => topic.Topic.Name, topic => topic.Broker.PublisherOf(topic.Topic), StringComparer.Ordinal);
        var targets = new PublishTargets(topics.All.ToDictionary(
            topic => topic.Topic.Name, topic => new PublishTarget(topic, new TopicWriter(_publishers[topic.Topic.Name], topic.Topic.IsOrdered)), StringComparer.Ordinal));
        Handlers =
        [
            new(PublishOperation.Kind, new PublishOperation(targets)),
            new(PublishWithinOperation.Kind, new PublishWithinOperation(targets, sql)),
        ];
    }

    /// <summary>What scripts can ask for.</summary>
    public IReadOnlyList<KeyValuePair<string, IOperationHandler>> Handlers { get; }

    /// <summary>What takes messages that brokers send by themselves.</summary>
    public IEnumerable<IPushReceiver> Receivers => _topics.Receivers;

    /// <summary>Begins to receive messages, and to publish those of transactions.</summary>
    /// <param name="schema">The application.</param>
    /// <param name="databases">Its databases.</param>
    /// <param name="isolate">Runs its handlers.</param>
    /// <param name="cancellation">Ends the start.</param>
    public async Task StartAsync(Application schema, ApplicationDatabases databases, Isolate isolate, CancellationToken cancellation)
    {
        if (_topics.All.Count > 0)
        {
            _outboxes = new Outboxes(databases, _publishers, _log, _time);
        }

        foreach (var topic in _topics.All)
        {
            _log.TellWhatIsMissing(topic.Topic, topic.Broker.Traits);
            var plan = MessagePlan.Compile(schema, topic.MessageType, isSensitive: false);
            foreach (var subscription in topic.Subscriptions.Where(subscription => subscription.IsHosted))
            {
                var source = await topic.Broker.OpenAsync(subscription.Subscription, cancellation);
                var runner = new SubscriptionRunner(
                    subscription.Subscription, source, new MessageHandler(subscription, plan, isolate, _log), _log, _time);
                _runs.Add(runner.RunAsync(_stopping.Token, _givingUp.Token));
            }
        }
    }

    /// <summary>Takes no further messages, and waits until those that are being handled have ended.</summary>
    /// <param name="limit">Handlers that still run by then are given up, and their messages go back to the broker.</param>
    public async Task StopAsync(CancellationToken limit)
    {
        await _stopping.CancelAsync();
        await using var givingUp = limit.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _givingUp);
        await Task.WhenAll(_runs);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _givingUp.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_runs), Task.Delay(GivingUpTime));
        if (_outboxes is { } outboxes)
        {
            await outboxes.DisposeAsync();
        }

        await _topics.DisposeAsync();
        _stopping.Dispose();
        _givingUp.Dispose();
    }
}

using Bridge.Core.PubSub;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.PubSub;

/// <summary>PostgreSQL as a broker: topics are rows of a schema of their own, so that an application with a database needs nothing else.</summary>
/// <remarks>
/// Publishing is a transaction, as durable as the database's <c>synchronous_commit</c> makes it; many messages share one. Subscriptions lease
/// messages with SKIP LOCKED and learn of new ones by NOTIFY. A topic's messages of one key are delivered in the order in which they were
/// committed, and one at a time; a message with a later <see cref="OutgoingMessage.DeliverAt"/>, or one that waits for a retry, holds up
/// those of its key that come after it. All times are the server's. <see cref="BrokerSchema"/> describes the tables. Thread: any.
/// </remarks>
public sealed class PostgresBroker : IMessageBroker
{
    private readonly BrokerConnections _connections;
    private readonly BrokerSchema _schema;
    private readonly BrokerCatalog _catalog;
    private readonly WakeUps _wakeUps;
    private readonly PublishLoop _publishing;
    private readonly Sweeper _sweeper;
    private readonly TimeSpan _pollInterval;
    private int _isDisposed;

    /// <summary>Prepares the broker; nothing is connected yet.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="topics">All topics it carries.</param>
    public PostgresBroker(PostgresBrokerOptions options, IReadOnlyList<BrokerTopic> topics)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connections = new BrokerConnections(options);
        _schema = new BrokerSchema(options.Schema);
        _catalog = new BrokerCatalog(_connections, _schema, topics);
        _wakeUps = new WakeUps(_connections, _schema);
        _publishing = new PublishLoop(_connections, _schema, _wakeUps);
        _sweeper = new Sweeper(_connections, _schema, options.DeadLetterRetention);
        _pollInterval = options.PollInterval;
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "postgres", KeepsOrder = true, Deduplicates = true, CanDelay = true };

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation) =>
        _connections.UseAsync<IReadOnlyList<string>>(
            "prepare its topics",
            async (connection, ending) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(ending).ConfigureAwait(false);
                var missing = await _schema.PrepareAsync(connection, _connections.Place, provision, ending).ConfigureAwait(false);
                missing.AddRange(missing.Count > 0 ? _catalog.All : await _catalog.PrepareAsync(connection, provision, ending).ConfigureAwait(false));
                await transaction.CommitAsync(ending).ConfigureAwait(false);
                return missing;
            },
            cancellation);

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new PostgresPublisher(topic, _catalog, _publishing);

    /// <inheritdoc/>
    public async ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var (number, topicNumber, topic) = await _catalog.SubscriptionAsync(subscription, cancellation).ConfigureAwait(false);
        _sweeper.Start();
        var source = new PostgresSource(new SourcePlace(subscription, number, topic, topicNumber), _connections, _schema, _wakeUps, _pollInterval);
        _wakeUps.Add(source, topicNumber);
        return source;
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => new PostgresDeadLetters(subscription, _catalog, _connections, _schema, _wakeUps);

    /// <summary>Deletes what is of no use now.</summary>
    internal Task<int> SweepAsync() => _sweeper.SweepAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _sweeper.DisposeAsync().ConfigureAwait(false);
        await _publishing.DisposeAsync().ConfigureAwait(false);
        foreach (var source in _wakeUps.Sources)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }

        await _wakeUps.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }
}

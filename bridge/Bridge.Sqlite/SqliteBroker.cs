using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;
using Bridge.Sqlite.Writing;

namespace Bridge.Sqlite;

/// <summary>
/// The embedded broker: messages in a file that the processes of one machine share, or in the memory of one. What it has accepted outlasts
/// kill -9 and power cuts. Thread: any.
/// </summary>
/// <param name="options">Where messages are.</param>
/// <param name="topics">The topics that are here.</param>
/// <param name="time">The clock of leases and delays; the system's unless something else is given. Processes that share a file share it.</param>
public sealed class SqliteBroker(SqliteBrokerOptions options, IReadOnlyList<BrokerTopic> topics, TimeProvider? time = null) : IMessageBroker
{
    private readonly SemaphoreSlim _opening = new(1);
    private readonly HashSet<SqliteSource> _sources = [];
    private StoreWriter? _writer;
    private bool _isDisposed;

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "embedded", KeepsOrder = true, Deduplicates = true, CanDelay = true };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation)
    {
        var writer = await OpenWriterAsync(cancellation);
        return await writer.CallAsync(
            store =>
            {
                if (provision)
                {
                    foreach (var topic in topics)
                    {
                        store.Provision(topic);
                    }
                }

                return ListMissing(store);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new SqlitePublisher(Writer, topic);

    /// <inheritdoc/>
    public async ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var writer = Writer;
        var row = await writer.CallAsync(store => FindRow(store, subscription), cancellation, isDurable: false);
        var source = new SqliteSource(writer, subscription, row ?? throw Missing(subscription), Remove);
        lock (_sources)
        {
            _sources.Add(source);
        }

        return source;
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) =>
        new SqliteDeadLetters(Writer, store => FindRow(store, subscription), () => Missing(subscription));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var source in ListSources())
            {
                await source.DisposeAsync();
            }

            if (_writer is not null)
            {
                await _writer.DisposeAsync();
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private StoreWriter Writer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writer ?? throw new InvalidOperationException($"{nameof(PrepareAsync)} comes first: it opens the file.");
        }
    }

    private async Task<StoreWriter> OpenWriterAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writer ??= await StoreWriter.OpenAsync(options, time ?? TimeProvider.System);
        }
        finally
        {
            _opening.Release();
        }
    }

    private List<string> ListMissing(MessageStore store)
    {
        var missing = new List<string>();
        foreach (var topic in topics)
        {
            if (store.FindTopic(topic.Address) is null)
            {
                missing.Add($"topic {topic.Address} in {store.Name}");
            }

            foreach (var subscription in topic.Subscriptions)
            {
                if (store.FindSubscription(topic.Address, subscription.Address) is null)
                {
                    missing.Add($"subscription {subscription.Address} of topic {topic.Address} in {store.Name}");
                }
            }
        }

        return missing;
    }

    private long? FindRow(MessageStore store, BrokerSubscription subscription)
    {
        foreach (var topic in topics)
        {
            if (topic.Name == subscription.Topic)
            {
                return store.FindSubscription(topic.Address, subscription.Address);
            }
        }

        return null;
    }

    private static BrokerException Missing(BrokerSubscription subscription) => new(
        $"the embedded broker has no subscription {subscription.Address} of topic {subscription.Topic}",
        "Start the host with provisioning of topics, which makes it.",
        isTransient: false);

    private SqliteSource[] ListSources()
    {
        lock (_sources)
        {
            return [.. _sources];
        }
    }

    private void Remove(SqliteSource source)
    {
        lock (_sources)
        {
            _sources.Remove(source);
        }
    }
}

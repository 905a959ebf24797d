using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Redis as a broker: a stream per topic, a group per subscription.</summary>
/// <remarks>
/// What is done to a message is one script, so that a crash leaves nothing half done. Leases are kept beside the stream's own list of pending
/// entries, since that knows no time to come: a retry's delay needs one. All times are the server's. Of an ordered topic one message of a key is
/// out at a time; those behind it are read into a list in the server's memory. A message of a topic with one subscription is deleted when it is
/// done with; with several, when all before it are done with too: one that waits for long keeps what came after it in memory. A group that no
/// process handles any more does so for ever: its administrator destroys it (XGROUP DESTROY). <see cref="RedisNames"/> describes the keys;
/// <see cref="RedisDurability"/> what a crash may cost. Thread: any.
/// </remarks>
/// <param name="options">Where it is.</param>
/// <param name="topics">All topics it carries.</param>
public sealed class RedisStreamsBroker(RedisBrokerOptions options, IReadOnlyList<BrokerTopic> topics) : IMessageBroker
{
    private readonly RedisLink _link = new(options);
    private readonly ConcurrentDictionary<RedisSource, RedisNames> _sources = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RedisPublisher> _publishers = new(StringComparer.Ordinal);
    private int _isDisposed;

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "redis", KeepsOrder = true, Deduplicates = true, CanDelay = true };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation) =>
        await _link.UseAsync("prepare its topics", database => PrepareAsync(database, provision)).WaitAsync(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => _publishers.GetOrAdd(topic.Name, _ => new RedisPublisher(options, _link, NamesOf(topic), topic));

    /// <inheritdoc/>
    public async ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var names = NamesOf(subscription);
        var source = new RedisSource(options, _link, names, subscription, closed => _sources.TryRemove(closed, out _));
        _sources[source] = names;
        try
        {
            // Justification: the task is the channel's, and begins here.
#pragma warning disable VSTHRD003, VSTHRD011
            await _channels.GetOrAdd(names.Channel, channel => new Lazy<Task>(() => _link.ListenAsync(channel, () => Wake(channel)))).Value.WaitAsync(cancellation).ConfigureAwait(false);
#pragma warning restore VSTHRD003, VSTHRD011
        }
        catch (BrokerException)
        {
            // It looks by itself until the server is there, and the next source asks again.
            _channels.TryRemove(names.Channel, out _);
        }

        return source;
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => new RedisDeadLetters(_link, NamesOf(subscription), subscription);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        foreach (var (source, _) in _sources)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }

        await _link.DisposeAsync().ConfigureAwait(false);
    }

    private void Wake(string channel)
    {
        foreach (var (source, names) in _sources)
        {
            if (names.Channel == channel)
            {
                source.Wake();
            }
        }
    }

    private RedisNames NamesOf(BrokerTopic topic) => new(options.Prefix, topic);

    private RedisNames NamesOf(BrokerSubscription subscription) => NamesOf(
        topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
            ?? throw new ArgumentException($"the broker doesn't carry the topic {subscription.Topic}", nameof(subscription)));

    private async Task<IReadOnlyList<string>> PrepareAsync(IDatabase database, bool provision)
    {
        var missing = await RedisSettings.CheckAsync(database, options.Durability, _link.Place).ConfigureAwait(false);
        foreach (var topic in topics)
        {
            var stream = NamesOf(topic).Stream;
            var groups = await GroupsAsync(database, stream).ConfigureAwait(false);
            foreach (var subscription in topic.Subscriptions.Where(subscription => !groups.Contains(subscription.Address)))
            {
                if (provision)
                {
                    await CreateAsync(database, stream, subscription.Address).ConfigureAwait(false);
                }
                else
                {
                    missing.Add($"group {subscription.Address} of stream {stream}, in Redis at {_link.Place} (XGROUP CREATE {stream} {subscription.Address} $ MKSTREAM)");
                }
            }
        }

        return missing;
    }

    private static async Task<HashSet<string>> GroupsAsync(IDatabase database, RedisKey stream)
    {
        var groups = await database.KeyExistsAsync(stream).ConfigureAwait(false) ? await database.StreamGroupInfoAsync(stream).ConfigureAwait(false) : [];
        return [.. groups.Select(group => group.Name)];
    }

    private static async Task CreateAsync(IDatabase database, RedisKey stream, string group)
    {
        try
        {
            await database.StreamCreateConsumerGroupAsync(stream, group, StreamPosition.NewMessages, createStream: true).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another process was quicker.
        }
    }
}

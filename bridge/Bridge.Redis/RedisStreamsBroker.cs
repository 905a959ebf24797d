using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Redis as a broker: a stream per topic, a group per subscription.</summary>
/// <remarks>
/// What is done to a message is one command or one script, so that a crash leaves nothing half done. All times are the server's.
/// <para>
/// A message that is handled at its first attempt is an entry that is added, read, and acknowledged with many others. Its lease is the group's own
/// list of pending entries: who has it, since when, the how manieth attempt. A lease that is over is taken over from processes that weren't heard
/// of for as long, within half a lease more or the time between two looks by oneself. That list knows no time to come; so an entry that is to
/// come again, after a delay or at once, and all of an ordered topic, are leased in sets beside the stream.
/// </para>
/// <para>
/// Of a lease that is over, whatever its holder says changes nothing, but for one case: an acknowledgement that leaves while the lease lasts and
/// reaches the server after another took the message over. That ends it for both, which is what has happened to the message; the other's words
/// change nothing then.
/// </para>
/// <para>
/// Of an ordered topic one message of a key is out at a time; those behind it are read into a list in the server's memory. A message of a topic
/// with one subscription is deleted when it is done with, or soon after with others; with several, when all before it are done with too: one that
/// waits for long keeps what came after it in memory. A group that no process handles any more does so for ever: its administrator destroys it (XGROUP DESTROY), and the
/// stream with the last one. <see cref="RedisNames"/> describes the keys; <see cref="RedisDurability"/> what a crash may cost. Thread: any.
/// </para>
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
        var isOrdered = topics.Any(topic => topic.Name == subscription.Topic && topic.IsOrdered);
        var source = new RedisSource(options, _link, names, subscription, isOrdered, closed => _sources.TryRemove(closed, out _));
        _sources[source] = names;
        try
        {
            // Justification: the task is the channel's, and begins here.
#pragma warning disable VSTHRD003, VSTHRD011
            await _channels.GetOrAdd(names.Channel, channel => new Lazy<Task>(() => _link.ListenAsync(channel, isDue => Wake(channel, isDue)))).Value.WaitAsync(cancellation).ConfigureAwait(false);
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

    private void Wake(string channel, bool isDue)
    {
        foreach (var (source, names) in _sources)
        {
            if (names.Channel == channel)
            {
                source.Wake(isDue);
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

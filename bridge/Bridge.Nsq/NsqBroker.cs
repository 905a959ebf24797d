using System.Collections.Concurrent;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>
/// Carries topics on NSQ: a topic each, a channel for each subscription, and for each two topics of its own, for dead letters and for those of
/// them that are replayed. Thread: any.
/// </summary>
/// <remarks>
/// What NSQ's model means for subscriptions: messages keep no order; nsqd counts each delivery as an attempt, also one that was given back; a
/// handler may take as long as nsqd's --max-msg-timeout in all; retries wait an hour at most (--max-req-timeout); and what nsqd holds in memory
/// ends with its host: start it with --mem-queue-size=0 where that matters.
/// </remarks>
public sealed class NsqBroker : IMessageBroker
{
    private readonly IReadOnlyList<BrokerTopic> _topics;
    private readonly NsqNames _names;
    private readonly NsqFleet _fleet;
    private readonly ConcurrentBag<NsqSource> _sources = [];

    /// <summary>Describes nsqd processes; nothing is connected before it is used.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="topics">The topics they carry, with all their subscriptions.</param>
    public NsqBroker(NsqBrokerOptions options, IReadOnlyList<BrokerTopic> topics)
    {
        ArgumentNullException.ThrowIfNull(options);
        _topics = topics;
        _names = new NsqNames(options.Prefix);
        _fleet = new NsqFleet(options);
    }

    /// <inheritdoc/>
    public BrokerTraits Traits { get; } = new() { Name = "nsq", CanDelay = true };

    /// <inheritdoc/>
    /// <remarks>
    /// A channel gets what is published after it is made, so all are made here, on every nsqd. Without <paramref name="provision"/> only
    /// nsqlookupd can say what is missing; where there is none, nothing is found missing, and opening a subscription makes its channel.
    /// </remarks>
    public async Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation)
    {
        foreach (var address in await _fleet.AddressesAsync(cancellation))
        {
            var channels = provision ? Channels().Select(channel => (channel.Topic, channel.Channel)) : [("", "")];
            foreach (var (topic, channel) in channels.DefaultIfEmpty(("", "")))
            {
                await MakeAsync(address, topic, channel, cancellation);
            }
        }

        return provision || !_fleet.Lookup.IsThere ? [] : await FindMissingAsync(cancellation);
    }

    /// <inheritdoc/>
    public ITopicPublisher PublisherOf(BrokerTopic topic) => new NsqPublisher(_fleet, _names.Topic(topic));

    /// <inheritdoc/>
    public ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var source = new NsqSource(NamesOf(subscription), subscription, _fleet);
        _sources.Add(source);
        return ValueTask.FromResult<IMessageSource>(source);
    }

    /// <inheritdoc/>
    public IDeadLetters DeadLettersOf(BrokerSubscription subscription) => new NsqDeadLetters(NamesOf(subscription), _fleet);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sources.Select(source => source.DisposeAsync().AsTask()));
        await _fleet.DisposeAsync();
    }

    private SubscriptionNames NamesOf(BrokerSubscription subscription) =>
        _names.Subscription(
            _topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
                ?? throw new ArgumentException($"Topic \"{subscription.Topic}\" isn't on this broker.", nameof(subscription)),
            subscription);

    private IEnumerable<(BrokerSubscription Subscription, string Topic, string Channel)> Channels() =>
        from topic in _topics
        from subscription in topic.Subscriptions
        let names = _names.Subscription(topic, subscription)
        select (subscription, names.Topic, names.Channel);

    /// <summary>Connects, and has a channel made; with no name, only connects.</summary>
    private async Task MakeAsync(string address, string topic, string channel, CancellationToken cancellation)
    {
        var lease = TimeSpan.FromSeconds(Math.Min(60, _fleet.Options.MaxLease.TotalSeconds));
        await using var connection = await NsqConnection.OpenAsync(address, _fleet.Options, lease, static (_, _) => { }, cancellation);
        if (topic.Length > 0)
        {
            await connection.AskAsync(NsqCommands.Subscribe(topic, channel), cancellation);
            await connection.AskAsync(NsqCommands.Close, cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> FindMissingAsync(CancellationToken cancellation)
    {
        var missing = new List<string>();
        foreach (var (subscription, topic, channel) in Channels())
        {
            if (!(await _fleet.Lookup.ChannelsOfAsync(topic, cancellation)).Contains(channel, StringComparer.Ordinal))
            {
                missing.Add($"NSQ channel \"{channel}\" of topic \"{topic}\" (subscription \"{subscription.Name}\" of topic \"{subscription.Topic}\")");
            }
        }

        return missing;
    }
}

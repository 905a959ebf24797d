using System.Collections.Concurrent;
using System.Globalization;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>A subscription's messages, as this process leases them.</summary>
internal sealed partial class RedisSource : IMessageSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Between two looks for messages that every subscription is done with.
    private const int TrimAfter = 1000;

    private readonly TimeSpan _pollInterval;
    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly Action<RedisSource> _closed;
    private readonly string _doing;
    private readonly string _own;
    private readonly SemaphoreSlim _news = new(0);
    private readonly ConcurrentDictionary<RedisDelivery, bool> _held = new();
    private Task _givingBack = Task.CompletedTask;
    private int _ended;
    private int _isDisposed;

    internal RedisSource(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerSubscription subscription, Action<RedisSource> closed)
    {
        (_pollInterval, _link, _names, _closed, Subscription) = (options.PollInterval, link, names, closed, subscription);
        _doing = $"receive from the subscription {subscription.Name}";
        _own = names.Of(subscription);
        _settling = new Batcher<Settlement>(MaxSettlements, long.MaxValue, static _ => 0, SettleAllAsync);
    }

    /// <summary>The subscription.</summary>
    internal BrokerSubscription Subscription { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        for (var pause = FirstPause; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var (deliveries, patience) = await LeaseAsync(max, cancellation).ConfigureAwait(false);
                if (deliveries.Count > 0)
                {
                    await TrimAsync(TrimAfter).ConfigureAwait(false);
                    return deliveries;
                }

                pause = FirstPause;
                await TrimAsync(1).ConfigureAwait(false);
                await _news.WaitAsync(patience, cancellation).ConfigureAwait(false);
            }
            catch (BrokerException exception) when (exception.IsTransient)
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>There may be messages.</summary>
    internal void Wake()
    {
        if (_news.CurrentCount == 0)
        {
            _news.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        _closed(this);

        // Justification: it is this object's own task, on the thread pool.
#pragma warning disable VSTHRD003
        await _givingBack.ConfigureAwait(false);
#pragma warning restore VSTHRD003
        await GiveBackAsync([.. _held.Keys]).ConfigureAwait(false);
        await _settling.WhenIdleAsync().ConfigureAwait(false);
    }

    /// <summary>Leases messages. A lease that comes when nobody waits any more is given back.</summary>
    private async Task<(List<RedisDelivery> Deliveries, TimeSpan Patience)> LeaseAsync(int max, CancellationToken cancellation)
    {
        var leasing = LeaseAsync(max);
        try
        {
            return await leasing.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _givingBack = GiveBackAsync(leasing);
            throw;
        }
    }

    private async Task<(List<RedisDelivery> Deliveries, TimeSpan Patience)> LeaseAsync(int max)
    {
        var token = Guid.NewGuid().ToString("N");
        var answer = await _link.RunAsync(
            _doing,
            RedisScripts.Receive,
            _names.Stream,
            [_names.Base, _own, Subscription.Address, max, (long)Subscription.AckDeadline.TotalMilliseconds, token]).ConfigureAwait(false);
        var deliveries = ((RedisResult[]?)answer[0] ?? []).Select(entry => Read(entry, token)).ToList();
        deliveries.ForEach(delivery => _held[delivery] = true);
        var (due, hasMore) = ((long)answer[1], (int)answer[2] == 1);
        var patience = hasMore ? TimeSpan.Zero : due < 0 ? _pollInterval : TimeSpan.FromMilliseconds(due + 1);
        return (deliveries, patience < _pollInterval ? patience : _pollInterval);
    }

    private RedisDelivery Read(RedisResult entry, string token)
    {
        var fields = new RedisFields((RedisValue[]?)entry[2] ?? []);
        return new RedisDelivery(this, (string?)entry[0] ?? "", token, fields.Key, Subscription.AckDeadline)
        {
            MessageId = fields.Id,
            Attempt = (int)entry[1],
            PublishedAt = fields.PublishedAt,
            Attributes = fields.Attributes,
            Body = fields.Body,
        };
    }

    private static async Task GiveBackAsync(Task<(List<RedisDelivery> Deliveries, TimeSpan Patience)> leasing)
    {
        try
        {
            // Justification: it is this object's own task, which nobody waits for any more.
#pragma warning disable VSTHRD003
            var (deliveries, _) = await leasing.ConfigureAwait(false);
#pragma warning restore VSTHRD003
            await GiveBackAsync(deliveries).ConfigureAwait(false);
        }
        catch (BrokerException)
        {
            // There is no lease, or it ends by itself.
        }
    }

    private async Task TrimAsync(int after)
    {
        if (Volatile.Read(ref _ended) >= after)
        {
            Volatile.Write(ref _ended, 0);
            await _link.RunAsync("delete messages that are done with", RedisScripts.Trim, _names.Stream, []).ConfigureAwait(false);
        }
    }

    private static string Number(TimeSpan time) => Math.Ceiling(Math.Max(time.TotalMilliseconds, 0)).ToString(CultureInfo.InvariantCulture);
}

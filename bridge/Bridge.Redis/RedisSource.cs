using Bridge.Core.PubSub;

namespace Bridge.Redis;

/// <summary>A subscription's messages, as this process leases them.</summary>
internal sealed class RedisSource : IBatchedMessageSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Between two looks for messages that every subscription is done with.
    private const int TrimAfter = 1000;

    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly BrokerSubscription _subscription;
    private readonly Action<RedisSource> _closed;
    private readonly RedisReader _reader;
    private readonly RedisSettling _settling;
    private readonly SemaphoreSlim _news = new(0);
    private Task _givingBack = Task.CompletedTask;
    private bool _isDrained;
    private volatile bool _isKnown;
    private int _isDisposed;

    internal RedisSource(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerSubscription subscription, bool isOrdered, Action<RedisSource> closed)
    {
        (_link, _names, _subscription, _closed) = (link, names, subscription, closed);
        _settling = new RedisSettling(link, names, subscription, ComesDue);
        _reader = new RedisReader(options, link, names, subscription, isOrdered, _settling);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        for (var pause = FirstPause; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (_isDrained)
                {
                    // Invariant: whatever came after the last reading was told of, and isn't forgotten.
                    _isDrained = false;
                    await _news.WaitAsync(_reader.Patience, cancellation).ConfigureAwait(false);
                }

                await _news.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
                var reading = await ReadAsync(max, cancellation).ConfigureAwait(false);
                _isDrained = reading.IsAll;
                pause = FirstPause;
                await TrimAsync(reading.Deliveries.Count > 0 ? TrimAfter : 1).ConfigureAwait(false);
                if (reading.Deliveries.Count > 0)
                {
                    return reading.Deliveries;
                }
            }
            catch (BrokerException exception) when (exception.IsTransient)
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <inheritdoc/>
    public Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation) => _settling.AcknowledgeAsync(deliveries, cancellation);

    /// <summary>There may be messages.</summary>
    /// <param name="isDue">Whether some may be that aren't fresh in the stream.</param>
    internal void Wake(bool isDue)
    {
        if (isDue)
        {
            _reader.DueWithin(TimeSpan.Zero);
        }

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
        _settling.Stop();

        // Justification: it is this object's own task, on the thread pool.
#pragma warning disable VSTHRD003
        await _givingBack.ConfigureAwait(false);
#pragma warning restore VSTHRD003
        await _settling.EndAsync().ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
    }

    private async Task LeaveAsync()
    {
        if (!_isKnown)
        {
            return;
        }

        try
        {
            await TrimAsync(1).ConfigureAwait(false);
            await _link.RunAsync("leave a subscription", RedisScripts.Leave, _names.Stream, [_subscription.Address, _reader.Consumer]).ConfigureAwait(false);
        }
        catch (BrokerException)
        {
            // Another process has it forgotten later.
        }
    }

    /// <summary>Waits no longer than until then: it comes before anybody tells of it.</summary>
    private void ComesDue(TimeSpan time)
    {
        if (_reader.DueWithin(time))
        {
            Wake(isDue: false);
        }
    }

    /// <summary>Leases messages. A lease that comes when nobody waits any more is given back.</summary>
    private async Task<RedisReading> ReadAsync(int max, CancellationToken cancellation)
    {
        var reading = ReadAsync(max);
        try
        {
            return await reading.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _givingBack = GiveBackAsync(reading);
            throw;
        }
    }

    private async Task<RedisReading> ReadAsync(int max)
    {
        var reading = await _reader.ReadAsync(max).ConfigureAwait(false);
        _isKnown = true;
        _settling.Add(reading.Deliveries);
        return reading;
    }

    private static async Task GiveBackAsync(Task<RedisReading> leasing)
    {
        try
        {
            // Justification: it is this object's own task, which nobody waits for any more.
#pragma warning disable VSTHRD003
            var reading = await leasing.ConfigureAwait(false);
#pragma warning restore VSTHRD003
            await RedisSettling.GiveBackAsync(reading.Deliveries).ConfigureAwait(false);
        }
        catch (BrokerException)
        {
            // There is no lease, or it ends by itself.
        }
    }

    private async Task TrimAsync(int after)
    {
        if (_settling.HaveEnded(after))
        {
            await _link.RunAsync("delete messages that are done with", RedisScripts.Trim, _names.Stream, []).ConfigureAwait(false);
        }
    }
}

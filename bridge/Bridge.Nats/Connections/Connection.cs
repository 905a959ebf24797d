using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>The connection to a server or cluster: made anew whenever it breaks, on the next server that can be reached. Thread: any.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly NatsBrokerOptions _options;
    private readonly List<ServerAddress> _addresses;
    private readonly ConcurrentDictionary<long, Subscription> _subscriptions = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource<Session> _session = NewSource();
    private BrokerException? _lastFailure;
    private Task? _keeping;
    private long _lastSubscription = 1;
    private int _next;

    internal Connection(NatsBrokerOptions options)
    {
        _options = options;
        _closed = _closing.Token;
        _addresses = [.. ServerAddress.ParseAll(options)];
    }

    /// <summary>Connects, unless it is connected; each server is tried once.</summary>
    /// <exception cref="BrokerException">None can be reached, or all refuse.</exception>
    internal async Task OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_keeping is null)
            {
                var session = await OpenAnyAsync(cancellation);
                Use(session);
                _keeping = KeepAsync(session);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The session there is, or the next one if it comes soon.</summary>
    /// <exception cref="BrokerException">There is none in time.</exception>
    internal async ValueTask<Session> WhenOpenAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var session = CurrentAsync();
        if (session.IsCompletedSuccessfully)
        {
            return await session;
        }

        await OpenAsync(cancellation);
        try
        {
            return await CurrentAsync().WaitAsync(patience, cancellation);
        }
        catch (TimeoutException error)
        {
            var why = _lastFailure?.Message ?? "there is no connection.";
            throw new BrokerException($"NATS can't be reached for {patience.TotalSeconds} s: {why}", _lastFailure?.Help ?? "", inner: error);
        }
    }

    /// <summary>The session there is; null while there is none.</summary>
    internal Session? TryGet()
    {
        var session = CurrentAsync();
#pragma warning disable VSTHRD002, VSTHRD104 // Justification: it has completed.
        return session.IsCompletedSuccessfully ? session.Result : null;
#pragma warning restore VSTHRD002, VSTHRD104
    }

    /// <summary>Subscribes to a subject until <see cref="UnsubscribeAsync"/>.</summary>
    internal Subscription Subscribe(string subject, Action<NatsMessage> deliver, Action renewed)
    {
        var subscription = new Subscription(Interlocked.Increment(ref _lastSubscription), subject, deliver, renewed);

        // The lock keeps a new session from subscribing to it as well.
        lock (_lock)
        {
            _subscriptions[subscription.Number] = subscription;
            TryGet()?.Subscribe(subscription.Number, subject);
        }

        return subscription;
    }

    /// <summary>Ends a subscription. Messages that were on their way are delivered before the task ends.</summary>
    internal async Task UnsubscribeAsync(Subscription subscription)
    {
        TryGet()?.Unsubscribe(subscription.Number);
        await FlushAsync();
        _subscriptions.TryRemove(subscription.Number, out _);
    }

    /// <summary>Waits until the server has dealt with what was sent; no longer than the connection lasts, for with it the rest is void.</summary>
    internal async Task FlushAsync()
    {
        try
        {
            if (TryGet() is { } session)
            {
                await session.PingAsync(CancellationToken.None).WaitAsync(_options.RequestTimeout, _closed);
            }
        }
        catch (Exception error) when (error is BrokerException or TimeoutException or OperationCanceledException)
        {
            // The connection is gone, or silent and soon gone.
        }
    }

    /// <summary>Ends it. What waits for a session is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        if (_keeping is not null)
        {
#pragma warning disable VSTHRD003 // Justification: it was started by this object and waits for nothing of the caller's.
            await _keeping;
#pragma warning restore VSTHRD003
        }

        lock (_lock)
        {
            if (_session.Task.IsCompleted)
            {
                _session = NewSource();
            }

            _session.TrySetException(new BrokerException("The connection to NATS is closed.", isTransient: false));
            _ = _session.Task.Exception;
        }

        _closing.Dispose();
    }

    private static TaskCompletionSource<Session> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<Session> CurrentAsync()
    {
        lock (_lock)
        {
            return _session.Task;
        }
    }

    /// <summary>Makes the connection anew whenever it breaks.</summary>
    private async Task KeepAsync(Session session)
    {
        try
        {
            while (true)
            {
                var broken = session;
                await using (broken)
                {
                    _lastFailure = await broken.EndedAsync.WaitAsync(_closing.Token);
                    lock (_lock)
                    {
                        _session = NewSource();
                    }
                }

                session = await ReopenAsync();
                Use(session);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task<Session> ReopenAsync()
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await OpenAnyAsync(_closing.Token);
            }
            catch (Exception error) when (!_closing.IsCancellationRequested)
            {
                // Justification: the root of a task of its own, and no failure may keep the connection from coming back.
                _lastFailure = error as BrokerException ?? new BrokerException($"NATS can't be reached: {error.Message}", inner: error);
            }

#pragma warning disable CA5394 // Justification: it spreads reconnections over time, and protects nothing.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _closing.Token);
#pragma warning restore CA5394
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<Session> OpenAnyAsync(CancellationToken cancellation)
    {
        BrokerException? failure = null;
        for (var attempt = 0; attempt < _addresses.Count; attempt++)
        {
            try
            {
                return await Session.OpenAsync(_addresses[_next % _addresses.Count], _options, Deliver, cancellation);
            }
            catch (BrokerException error)
            {
                failure = error;
                _next = (_next + 1) % _addresses.Count;
            }
        }

        throw failure!;
    }

    private void Use(Session session)
    {
        foreach (var address in session.Info.ClusterAddresses ?? [])
        {
            if (session.Address.Sibling(address) is { } sibling && !_addresses.Exists(known => known.Host == sibling.Host && known.Port == sibling.Port))
            {
                _addresses.Add(sibling);
            }
        }

        List<Subscription> subscriptions;
        lock (_lock)
        {
            subscriptions = [.. _subscriptions.Values];
            subscriptions.ForEach(subscription => session.Subscribe(subscription.Number, subscription.Subject));
            _session.SetResult(session);
        }

        subscriptions.ForEach(subscription => subscription.Renewed());
    }

    private void Deliver(NatsMessage message)
    {
        if (_subscriptions.TryGetValue(message.Subscription, out var subscription))
        {
            subscription.Deliver(message);
        }
    }
}

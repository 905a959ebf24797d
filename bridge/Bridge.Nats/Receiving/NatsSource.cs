using Bridge.Core.PubSub;
using Bridge.Nats.Connections;
using Bridge.Nats.JetStream;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Receiving;

/// <summary>A subscription's messages, asked for as they are wanted.</summary>
/// <remarks>
/// An ordered subscription asks every lane for its next message, whatever is wanted: what comes beyond that waits here, and its lease is kept.
/// </remarks>
internal sealed class NatsSource : IBatchedMessageSource, IPullObserver
{
    private static readonly TimeSpan TroublePause = TimeSpan.FromMilliseconds(500);

    private readonly Connection _connection;
    private readonly JetStreamApi _api;
    private readonly Feed _feed;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Queue<NatsMessage> _waiting = [];
    private readonly OpenDeliveries _open = new();
    private readonly Action<NatsSource> _ended;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _keeping;
    private TaskCompletionSource _news = NewNews();
    private List<Puller>? _pullers;
    private BrokerException? _failure;

    // Invariant: while it is set, nothing waits here.
    private bool _isAway;

    internal NatsSource(Connection connection, JetStreamApi api, Feed feed, TimeProvider time, Action<NatsSource> ended)
    {
        _ended = ended;
        _connection = connection;
        _api = api;
        _feed = feed;
        _time = time;
        _keeping = KeepWaitingAsync();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        _pullers ??= [.. _feed.Lanes.Prepend(_feed.Consumer).Select(consumer => new Puller(_connection, _feed.Stream, consumer, this))];
        lock (_lock)
        {
            _isAway = false;
        }

        while (true)
        {
            if (Take(max) is { Count: > 0 } deliveries)
            {
                return deliveries;
            }

            Task news;
            lock (_lock)
            {
                if (_waiting.Count > 0)
                {
                    continue;
                }

                if (_news.Task.IsCompleted)
                {
                    _news = NewNews();
                }

                news = _news.Task;
            }

            _pullers.ForEach(puller => puller.Ask(puller.Consumer == _feed.Consumer ? max : 1));
            await WaitAsync(news, cancellation);
        }
    }

    /// <inheritdoc/>
    public Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation) =>
        NatsDelivery.AcknowledgeAsync(_api, deliveries, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        GoAway();
        await Task.WhenAll((_pullers ?? []).Select(puller => puller.DisposeAsync().AsTask()));
        foreach (var message in _open.TakeAll())
        {
            Say(message, "-NAK"u8);
        }

        await _connection.FlushAsync();
        _ended(this);
#pragma warning disable VSTHRD003 // Justification: it was started by this object and waits for nothing of the caller's.
        await _keeping;
#pragma warning restore VSTHRD003
        _closing.Dispose();
    }

    /// <inheritdoc/>
    void IPullObserver.Arrived(NatsMessage message)
    {
        bool goesBack;
        lock (_lock)
        {
            goesBack = _isAway;
            if (!goesBack)
            {
                _waiting.Enqueue(message);
                _news.TrySetResult();
            }
        }

        if (goesBack)
        {
            Say(message, "-NAK"u8);
        }
    }

    /// <inheritdoc/>
    void IPullObserver.Renewed() => Wake(failure: null);

    /// <inheritdoc/>
    void IPullObserver.Troubled(Puller puller) => _ = LookAsync(puller);

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task news, CancellationToken cancellation)
    {
        try
        {
            await news.WaitAsync(Puller.Patience, cancellation);
        }
        catch (TimeoutException)
        {
            foreach (var puller in _pullers!.Where(puller => puller.PauseIfSilent()))
            {
                _ = LookAsync(puller);
            }
        }
        catch (OperationCanceledException)
        {
            GoAway();
            throw;
        }
    }

    private List<Delivery> Take(int max)
    {
        var deliveries = new List<Delivery>();
        while (deliveries.Count < max)
        {
            NatsMessage message;
            lock (_lock)
            {
                if (_failure is { } failure)
                {
                    _failure = null;
                    throw failure;
                }

                if (!_waiting.TryDequeue(out message))
                {
                    break;
                }
            }

            if (Open(message) is { } delivery)
            {
                deliveries.Add(delivery);
            }
        }

        return deliveries;
    }

    /// <returns>Null where the message isn't to be handled, or not yet.</returns>
    private NatsDelivery? Open(in NatsMessage message)
    {
        if (!AckSubject.TryParse(message.Reply.Span, out var state))
        {
            return null;
        }

        var headers = MessageHeaders.Read(message.Headers.Span);
        if (headers.Own.TryGetValue(MessageHeaders.OnlyFor, out var mark) && mark != _feed.Mark)
        {
            Say(message, "+ACK"u8);
            return null;
        }

        var id = NatsDelivery.IdOf(state.StreamSequence);
        if (_feed.Acknowledged?.Contains(id, state.Nanoseconds) == true)
        {
            Say(message, "+ACK"u8);
            return null;
        }

        var attempt = state.Delivered;
        if (headers.DeliverAt is { } due)
        {
            var wait = due - _time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                Say(message, NatsDelivery.AgainAfter(wait));
                return null;
            }

            attempt = Math.Max(attempt - 1, 1);
        }

        _open.Add(message);
        return new NatsDelivery(_api, _feed, _open, message, state.Nanoseconds)
        {
            MessageId = id,
            Attempt = attempt,
            PublishedAt = state.StoredAt,
            Body = message.Payload,
            Attributes = headers.Attributes,
        };
    }

    // Where it doesn't get there, the lease ends and the message comes again; so it does by itself from a server that was started anew.
    private void Say(in NatsMessage message, ReadOnlySpan<byte> word)
    {
        if (_connection.TryGet() is { } session && session.Info.Id == message.Server)
        {
            session.Publish(message.Reply.Span, default, word);
        }
    }

    private void Wake(BrokerException? failure)
    {
        lock (_lock)
        {
            _failure = failure ?? _failure;
            _news.TrySetResult();
        }
    }

    /// <summary>
    /// Gives back what waits here, and from now on whatever comes, until somebody receives again. What was asked for stays asked for: a server that
    /// has just handed a message to somebody who leaves would keep it for a whole lease.
    /// </summary>
    private void GoAway()
    {
        NatsMessage[] back;
        lock (_lock)
        {
            _isAway = true;
            back = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var message in back)
        {
            Say(message, "-NAK"u8);
        }
    }

    /// <summary>Looks what became of a consumer that refuses.</summary>
    private async Task LookAsync(Puller puller)
    {
        try
        {
            await Task.Delay(TroublePause, _closing.Token);
            var isThere = await _api.ConsumerAsync(_feed.Stream, puller.Consumer, _closing.Token) is not null;
            puller.Resume();
            Wake(isThere ? null : NatsBroker.Absent(_feed.Stream, puller.Consumer));
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException or ObjectDisposedException)
        {
            puller.Resume();
            Wake(error is BrokerException { IsTransient: false } failure ? failure : null);
        }
    }

    /// <summary>Keeps the leases of what waits here.</summary>
    private async Task KeepWaitingAsync()
    {
        using var timer = new PeriodicTimer(_feed.Lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                NatsMessage[] waiting;
                lock (_lock)
                {
                    waiting = [.. _waiting];
                }

                foreach (var message in waiting)
                {
                    Say(message, "+WPI"u8);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }
}

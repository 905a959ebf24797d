using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>Receives a subscription's messages by one link, which is attached anew whenever it breaks.</summary>
/// <remarks>
/// Invariant: the link's credit and what waits here together never exceed what the receiver has room for. While nobody receives, the link is given up
/// after a moment and what it has brought goes back: nobody else would get it.
/// </remarks>
internal sealed partial class QueueSource : IMessageSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // How long a link is kept whose messages nobody wants: a receiver that asks again at once finds it.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    // What the service is given to take messages back: those that it doesn't learn of come again once their locks are over.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly ServiceBusConnection _connection;
    private readonly SourceSettings _settings;
    private readonly Action<IMessageSource> _ended;
    private readonly EntityManagement _management;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Queue<QueueDelivery> _ready = new();
    private readonly HashSet<QueueDelivery> _open = [];
    private TaskCompletionSource? _changed;
    private BrokerException? _refusal;
    private ReceiverLink? _link;
    private int _credit;
    private int _wanted;
    private int _pauses;
    private bool _isPaused;
    private bool _isAttaching;
    private Task? _disposal;

    /// <summary>A source that attaches when somebody receives.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">Whose messages.</param>
    /// <param name="ended">Is told when it has ended.</param>
    internal QueueSource(ServiceBusConnection connection, SourceSettings settings, Action<IMessageSource> ended)
    {
        (_connection, _settings, _ended) = (connection, settings, ended);
        _management = new EntityManagement(connection, settings.Path);
    }

    /// <summary>The clock.</summary>
    internal TimeProvider Time => _connection.Time;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            Task changed;
            List<QueueDelivery> taken = [];
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposal is not null, this);
                _isPaused = false;
                while (taken.Count < max && _ready.TryDequeue(out var delivery))
                {
                    taken.Add(delivery);
                }

                _wanted = max - taken.Count;
                if (taken.Count == 0 && _refusal is { } refusal)
                {
                    _refusal = null;
                    throw refusal;
                }

                AskForMore();
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            taken = await KeepLockedAsync(taken);
            if (taken.Count > 0)
            {
                return taken;
            }

            try
            {
                await changed.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                Pause();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= Task.Run(EndAsync));
        }
    }

    /// <summary>Of messages that waited here for long, those whose locks could be begun anew.</summary>
    private async Task<List<QueueDelivery>> KeepLockedAsync(List<QueueDelivery> taken)
    {
        var kept = new List<QueueDelivery>(taken.Count);
        foreach (var delivery in taken)
        {
            if (Time.GetElapsedTime(delivery.ReceivedAt) < delivery.Lease / 3 || await TryRenewAsync(delivery))
            {
                kept.Add(delivery);
            }
        }

        return kept;
    }

    private async Task<bool> TryRenewAsync(QueueDelivery delivery)
    {
        try
        {
            await RenewAsync(delivery, _end.Token);
            return true;
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // Its lock is over, or will be: it comes again.
            Forget(delivery);
            return false;
        }
    }

    // Thread: under the lock.
    private void AskForMore()
    {
        if (_link is null)
        {
            if (_wanted > 0 && !_isAttaching && _disposal is null)
            {
                _isAttaching = true;
                _ = Task.Run(AttachAsync);
            }

            return;
        }

        var more = _wanted - _ready.Count - _credit;
        if (more > 0)
        {
            _credit += more;
            _link.SetCredit(more, CreditMode.Manual);
        }
    }

    private async Task AttachAsync()
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var line = await _connection.LineAsync(_end.Token);
                var (link, _) = await line.ReceiverAsync(_settings.Path, filter: null, timeout: null, _end.Token);
                Begin(link);
                return;
            }
            catch (BrokerException error) when (error.IsTransient)
            {
                await Task.Delay(pause, Time, CancellationToken.None);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (BrokerException error)
            {
                lock (_lock)
                {
                    _isAttaching = false;
                    _refusal = error;
                    Signal();
                }

                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Begin(ReceiverLink link)
    {
        link.Start(0, OnMessage);
        lock (_lock)
        {
            _isAttaching = false;
            if (_disposal is null)
            {
                _link = link;
                _credit = 0;
                AskForMore();
            }
        }

        if (_disposal is not null)
        {
            _ = Attaching.CloseAsync(link, Farewell);
            return;
        }

        link.AddClosedCallback((_, _) =>
        {
            lock (_lock)
            {
                if (ReferenceEquals(_link, link))
                {
                    _link = null;
                    _credit = 0;
                    AskForMore();
                }
            }
        });
    }

    private void OnMessage(IReceiverLink link, Message message)
    {
        var fields = MessageFields.Read(message);
        var isForAnother = fields.OnlyFor is { } only && !string.Equals(only, _settings.Subscription, StringComparison.Ordinal);
        var delivery = new QueueDelivery(
            this, ServiceBusDelivery.LeaseOf(MessageFields.LockedUntil(message), Time.GetUtcNow(), _settings.Lock), Time.GetTimestamp())
        {
            Message = message,
            Fields = fields,
            Link = (ReceiverLink)link,
            MessageId = fields.MessageId,
            Attempt = ServiceBusDelivery.AttemptOf(message, fields),
            PublishedAt = fields.PublishedAt,
            Body = MessageFields.BodyOf(message),
            Attributes = fields.Attributes,
        };
        lock (_lock)
        {
            if (ReferenceEquals(link, _link))
            {
                _credit--;
            }

            if (!isForAnother)
            {
                _open.Add(delivery);
                _ready.Enqueue(delivery);
                Signal();
                return;
            }
        }

        // A subscription that takes all gets the copies for others too.
        link.Accept(message);
        lock (_lock)
        {
            AskForMore();
        }
    }

    private void Pause()
    {
        int pause;
        lock (_lock)
        {
            _isPaused = true;
            _wanted = 0;
            pause = ++_pauses;
        }

        _ = DetachAsync(pause);
    }

    private async Task DetachAsync(int pause)
    {
        await Task.Delay(Idle, Time, CancellationToken.None);
        ReceiverLink? link;
        lock (_lock)
        {
            if (!_isPaused || pause != _pauses || _disposal is not null)
            {
                return;
            }

            // Without credit nothing more comes by it, and those that came by it are settled best where they came.
            link = _credit > 0 ? _link : null;
            (_link, _credit) = link is null ? (_link, _credit) : (null, 0);
        }

        if (link is not null)
        {
            // What was on its way is here once the service has answered.
            await Attaching.CloseAsync(link, Farewell);
        }

        QueueDelivery[] unwanted;
        lock (_lock)
        {
            if (!_isPaused)
            {
                return;
            }

            unwanted = [.. _ready];
            _ready.Clear();
            _open.ExceptWith(unwanted);
        }

        await GiveBackAsync(unwanted);
    }

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        ReceiverLink? link;
        QueueDelivery[] unfinished;
        lock (_lock)
        {
            link = _link;
            _link = null;
            _ready.Clear();
            unfinished = [.. _open];
        }

        foreach (var delivery in unfinished.Where(delivery => !delivery.Link.IsClosed))
        {
            Outcome outcome = delivery.IsHeld ? ServiceBusDelivery.Failed() : new Released();
            delivery.Link.Complete(delivery.Message, outcome);
            Forget(delivery);
        }

        if (link is not null)
        {
            await Attaching.CloseAsync(link, Farewell);
        }

        lock (_lock)
        {
            unfinished = [.. _open];
            _open.Clear();
        }

        await GiveBackAsync(unfinished);
        _ended(this);
    }

    private async Task GiveBackAsync(IReadOnlyCollection<QueueDelivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Farewell, Time);
        try
        {
            await _management.SettleAsync([.. deliveries.Select(delivery => delivery.Token)], "abandoned", details: null, patience.Token);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // They come again by themselves once their locks are over.
        }
    }

    private void Forget(QueueDelivery delivery)
    {
        lock (_lock)
        {
            _open.Remove(delivery);
        }
    }

    // Thread: under the lock.
    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}

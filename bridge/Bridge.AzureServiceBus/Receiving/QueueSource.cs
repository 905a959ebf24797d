using Amqp;
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

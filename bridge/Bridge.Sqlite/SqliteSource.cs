using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;
using Bridge.Sqlite.Writing;

namespace Bridge.Sqlite;

/// <summary>Receives one subscription's messages from a file.</summary>
/// <param name="writer">The file.</param>
/// <param name="subscription">The subscription.</param>
/// <param name="row">Its row.</param>
/// <param name="closed">Is told of the end.</param>
internal sealed class SqliteSource(StoreWriter writer, BrokerSubscription subscription, long row, Action<SqliteSource> closed) : IMessageSource
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();

    // Guarded by _lock.
    private readonly HashSet<Lease> _unfinished = [];
    private Task _receiving = Task.CompletedTask;
    private Task? _disposal;

    /// <summary>The file.</summary>
    public StoreWriter Writer => writer;

    /// <summary>How long a message is this process's without a word.</summary>
    public TimeSpan LeaseTime => subscription.AckDeadline;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        var leases = await BeginReceivingAsync(max, ending.Token);
        var deliveries = new Delivery[leases.Count];
        for (var index = 0; index < deliveries.Length; index++)
        {
            deliveries[index] = SqliteDelivery.Of(this, leases[index]);
        }

        return deliveries;
    }

    /// <summary>Nobody has to give a message back any more.</summary>
    public void Finish(Lease lease)
    {
        lock (_lock)
        {
            _unfinished.Remove(lease);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Its receiver and its broker may end it at the same time; both wait for the same end.
        lock (_lock)
        {
            _disposal ??= EndAsync();
            return new ValueTask(_disposal);
        }
    }

    private Task<List<Lease>> BeginReceivingAsync(int max, CancellationToken ending)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            var waiter = new ReceiveWaiter(row, max, (long)subscription.AckDeadline.TotalMilliseconds, Keep);
            writer.Enqueue(waiter);
            var receiving = waiter.WaitAsync(ending);
            _receiving = receiving;
            return receiving;
        }
    }

    private async Task EndAsync()
    {
        await Task.Yield();
        Task receiving;
        lock (_lock)
        {
            receiving = _receiving;
        }

        await _closing.CancelAsync();
        await receiving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await GiveBackAsync();
        closed(this);
    }

    private void Keep(List<Lease> leases)
    {
        lock (_lock)
        {
            _unfinished.UnionWith(leases);
        }
    }

    private async Task GiveBackAsync()
    {
        Lease[] unfinished;
        lock (_lock)
        {
            unfinished = [.. _unfinished];
            _unfinished.Clear();
        }

        var releases = new List<Task>(unfinished.Length);
        try
        {
            foreach (var lease in unfinished)
            {
                var release = new PutBackOperation(lease, TimeSpan.Zero, countsAttempt: false);
                writer.Enqueue(release);
                releases.Add(release.Done);
            }

            await Task.WhenAll(releases);
        }
        catch (Exception error) when (error is BrokerException or ObjectDisposedException)
        {
            // They come again when their leases are over.
        }
    }
}

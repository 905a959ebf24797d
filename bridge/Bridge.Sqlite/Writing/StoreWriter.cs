using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>
/// The one thread of this process that works in a message file. What is asked for while a transaction is being written goes into the next one,
/// together: one flush of the disk serves all of them, and a message that is published finds those who wait for it in the same transaction.
/// </summary>
internal sealed partial class StoreWriter : IAsyncDisposable
{
    // The longest that a message of another process goes unnoticed.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan CleaningPause = TimeSpan.FromMinutes(1);

    // What a transaction takes along at most: the first of many waits for the last.
    private const int MaxWeight = 2000;

    private readonly object _lock = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteBrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly WaitingList _waiting = new();

    // Guarded by _lock.
    private readonly Queue<StoreOperation> _operations = new();
    private readonly List<ReceiveWaiter> _arrivals = [];
    private bool _isEnding;

    private StoreWriter(SqliteBrokerOptions options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>Opens a file, and begins to work in it.</summary>
    /// <param name="options">The file.</param>
    /// <param name="time">The clock of leases and delays.</param>
    /// <exception cref="BrokerException">It can't be used.</exception>
    public static async Task<StoreWriter> OpenAsync(SqliteBrokerOptions options, TimeProvider time)
    {
        var writer = new StoreWriter(options, time);
        new Thread(writer.Run) { Name = "messages", IsBackground = true }.Start();
        await writer._opened.Task;
        return writer;
    }

    /// <summary>Has something done. Thread: any.</summary>
    public void Enqueue(StoreOperation operation)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isEnding, typeof(SqliteBroker));
            _operations.Enqueue(operation);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Has somebody wait for messages. Thread: any.</summary>
    public void Enqueue(ReceiveWaiter waiter)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isEnding, typeof(SqliteBroker));
            _arrivals.Add(waiter);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Has something done that is asked for seldom.</summary>
    public Task<T> CallAsync<T>(Func<MessageStore, T> work, CancellationToken cancellation, bool isDurable = true)
    {
        var call = new StoreCall<T>(work, isDurable);
        Enqueue(call);
        return call.Result.WaitAsync(cancellation);
    }

    /// <summary>Does what is asked for, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isEnding = true;
            Monitor.Pulse(_lock);
        }

        await _ended.Task;
    }
}

using Bridge.Core.Operations;

namespace Bridge.Core.PubSub;

/// <summary>
/// Gathers the messages that are handled, so that the broker hears of many with one word: what one turn of the isolate brings, and what comes
/// while such words are under way. Thread: any.
/// </summary>
/// <param name="acknowledge">Tells the broker of some. It doesn't throw.</param>
internal sealed class AcknowledgementQueue(Func<List<Flight>, Task> acknowledge) : IRoundEnd, IThreadPoolWorkItem
{
    private const int MaxBatch = 1000;

    // One that waits for an answer keeps the next from leaving only where the broker is slow: then they should grow.
    private const int MaxBatches = 4;

    private readonly Lock _lock = new();
    private List<Flight> _waiting = [];
    private int _senders;

    /// <summary>Adds a message that is handled.</summary>
    public void Add(Flight flight)
    {
        lock (_lock)
        {
            _waiting.Add(flight);
            if (_waiting.Count > 1 || _senders == MaxBatches)
            {
                // Somebody takes it along.
                return;
            }
        }

        if (!OperationRound.TryDefer(this))
        {
            // Not on this thread: others that end at the same moment come right behind this one.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IRoundEnd.EndRound() => _ = SendAllAsync();

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    private async Task SendAllAsync()
    {
        if (!TryBegin())
        {
            return;
        }

        while (Next() is { } batch)
        {
            await acknowledge(batch);
        }
    }

    /// <returns>False where so many send already that one of them takes what waits.</returns>
    private bool TryBegin()
    {
        lock (_lock)
        {
            var begins = _senders < MaxBatches;
            _senders += begins ? 1 : 0;
            return begins;
        }
    }

    private List<Flight>? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _senders--;
                return null;
            }

            var batch = _waiting;
            if (batch.Count <= MaxBatch)
            {
                _waiting = [];
                return batch;
            }

            _waiting = batch.GetRange(MaxBatch, batch.Count - MaxBatch);
            return batch.GetRange(0, MaxBatch);
        }
    }
}

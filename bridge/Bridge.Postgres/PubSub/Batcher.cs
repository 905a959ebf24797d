namespace Bridge.Postgres.PubSub;

/// <summary>Has what many callers ask for done together: while one batch is under way, the next collects. Thread: any.</summary>
/// <param name="maxItems">How many make a batch at most.</param>
/// <param name="maxWeight">What a batch weighs at most, unless one alone weighs more.</param>
/// <param name="weigh">What one weighs.</param>
/// <param name="run">Does a batch. It doesn't throw.</param>
internal sealed class Batcher<T>(int maxItems, long maxWeight, Func<T, long> weigh, Func<List<T>, Task> run)
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _waiting = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Waits for what is under way and waits now.</summary>
    internal async Task WhenIdleAsync()
    {
        Task running;
        lock (_lock)
        {
            running = _running;
        }

        // Justification: it is the batcher's own task, on the thread pool.
#pragma warning disable VSTHRD003
        await running.ConfigureAwait(false);
#pragma warning restore VSTHRD003
    }

    /// <summary>Adds some that stay together as far as batches allow.</summary>
    internal void Add(params ReadOnlySpan<T> items)
    {
        lock (_lock)
        {
            foreach (var item in items)
            {
                _waiting.Enqueue(item);
            }

            if (!_isRunning && _waiting.Count > 0)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync);
            }
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { } batch)
        {
            await run(batch).ConfigureAwait(false);
        }
    }

    private List<T>? Take()
    {
        lock (_lock)
        {
            List<T> batch = [];
            var weight = 0L;
            while (batch.Count < maxItems && _waiting.TryPeek(out var next))
            {
                weight += weigh(next);
                if (batch.Count > 0 && weight > maxWeight)
                {
                    break;
                }

                batch.Add(_waiting.Dequeue());
            }

            _isRunning = batch.Count > 0;
            return _isRunning ? batch : null;
        }
    }
}

namespace Bridge.Sqs.Queues;

/// <summary>
/// Gathers small requests into batches: what comes while others are under way makes the next one, so that batches grow with the load and
/// nothing waits without it. Thread: any.
/// </summary>
/// <typeparam name="T">What a request is about.</typeparam>
/// <param name="send">Sends a batch and says of each entry what went wrong, or null. It doesn't throw.</param>
internal sealed class Batcher<T>(Func<IReadOnlyList<T>, Task<Exception?[]>> send)
{
    /// <summary>How many entries SQS takes with one request.</summary>
    public const int MaxEntries = 10;

    // Requests at a time: enough to go round while the others wait for their answers.
    private const int MaxRequests = 8;

    private readonly Lock _lock = new();
    private readonly Queue<(T Entry, TaskCompletionSource Done)> _waiting = new();
    private int _requests;

    /// <summary>Has an entry sent.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellation">Ends the wait; the entry is sent all the same.</param>
    public Task AddAsync(T entry, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue((entry, done));
            begins = _requests < MaxRequests;
            _requests += begins ? 1 : 0;
        }

        if (begins)
        {
            // Not on this thread: others that end at the same moment come right behind this one.
            ThreadPool.UnsafeQueueUserWorkItem(static batcher => _ = batcher.SendAllAsync(), this, preferLocal: false);
        }

        return done.Task.WaitAsync(cancellation);
    }

    private async Task SendAllAsync()
    {
        while (Next() is { } batch)
        {
            var failures = await send([.. batch.Select(waiting => waiting.Entry)]);
            for (var i = 0; i < batch.Count; i++)
            {
                if (failures[i] is { } failure)
                {
                    batch[i].Done.SetException(failure);
                }
                else
                {
                    batch[i].Done.SetResult();
                }
            }
        }
    }

    private List<(T Entry, TaskCompletionSource Done)>? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _requests--;
                return null;
            }

            var batch = new List<(T Entry, TaskCompletionSource Done)>(MaxEntries);
            while (batch.Count < MaxEntries && _waiting.TryDequeue(out var entry))
            {
                batch.Add(entry);
            }

            return batch;
        }
    }
}

namespace Bridge.Core.PubSub;

/// <summary>
/// Gathers small requests to a broker into batches: what comes while others are under way makes the next one, so that batches grow with the load
/// and nothing waits without it. Thread: any.
/// </summary>
/// <typeparam name="T">What a request is about.</typeparam>
/// <param name="maxEntries">How many entries the broker takes with one request.</param>
/// <param name="maxRequests">How many requests are under way at a time.</param>
/// <param name="send">Sends a batch and says of each entry what went wrong, or null. It doesn't throw.</param>
public sealed class RequestBatcher<T>(int maxEntries, int maxRequests, Func<IReadOnlyList<T>, Task<Exception?[]>> send)
{
    private readonly Lock _lock = new();
    private readonly Queue<(T Entry, TaskCompletionSource Done)> _waiting = new();
    private int _requests;

    /// <summary>Has an entry sent.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellation">Ends the wait; the entry is sent all the same.</param>
    public Task AddAsync(T entry, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource();
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue((entry, done));
            begins = _requests < maxRequests;
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

            // Whoever waits goes on elsewhere, one after the other: a work item for each would cost more than what they do.
            ThreadPool.UnsafeQueueUserWorkItem(static ended => Complete(ended.Batch, ended.Failures), (Batch: batch, Failures: failures), preferLocal: false);
        }
    }

    private static void Complete(List<(T Entry, TaskCompletionSource Done)> batch, Exception?[] failures)
    {
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

    private List<(T Entry, TaskCompletionSource Done)>? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _requests--;
                return null;
            }

            var batch = new List<(T Entry, TaskCompletionSource Done)>(maxEntries);
            while (batch.Count < maxEntries && _waiting.TryDequeue(out var entry))
            {
                batch.Add(entry);
            }

            return batch;
        }
    }
}

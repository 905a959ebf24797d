using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <content>The thread.</content>
internal sealed partial class StoreWriter
{
    private readonly List<StoreOperation> _batch = [];
    private readonly List<(ReceiveWaiter Waiter, List<Lease> Leases)> _served = [];
    private long _nextCleaning;

    private void Run()
    {
        try
        {
            using var store = MessageStore.Open(_options, _time);
            _opened.SetResult();
            try
            {
                while (Take(store))
                {
                    Work(store);
                }
            }
            finally
            {
                End(store);
            }
        }
        catch (Exception error)
        {
            // Justification: the root of the thread. The one who opens is told; after that, those who wait were told that the broker is gone.
            _opened.TrySetException(error);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>Waits for something to do, and takes it.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Take(MessageStore store)
    {
        var patience = PatienceFor(store);
        lock (_lock)
        {
            if (_operations.Count == 0 && _arrivals.Count == 0 && !_isEnding && patience > TimeSpan.Zero)
            {
                Monitor.Wait(_lock, patience);
            }

            foreach (var waiter in _arrivals)
            {
                _waiting.Add(waiter);
            }

            _arrivals.Clear();
            var weight = 0;
            while (weight < MaxWeight && _operations.TryDequeue(out var operation))
            {
                if (operation.TryBegin())
                {
                    _batch.Add(operation);
                    weight += operation.Weight;
                }
            }

            return _batch.Count > 0 || !_isEnding;
        }
    }

    /// <summary>Until when there is nothing to do, unless somebody asks.</summary>
    private TimeSpan PatienceFor(MessageStore store)
    {
        var now = NowMs();
        var next = Math.Clamp(_nextCleaning, now, now + (long)CleaningPause.TotalMilliseconds);
        try
        {
            if (_waiting.FirstDue(store) is { } due)
            {
                next = Math.Min(next, store.IsShared ? Math.Min(due, now + (long)Poll.TotalMilliseconds) : due);
            }
        }
        catch (BrokerException error)
        {
            // Those who wait come back after a while.
            _waiting.FailAll(error);
        }

        return TimeSpan.FromMilliseconds(Math.Max(next - now, 0));
    }

    private void Work(MessageStore store)
    {
        try
        {
            if (store.HasChanged())
            {
                _waiting.ForgetDueTimes();
            }

            var isCleaning = NowMs() >= _nextCleaning;
            if (_batch.Count > 0 || isCleaning || _waiting.FirstDue(store) <= NowMs())
            {
                Begin(store, isCleaning);
                Transact(store, isCleaning);
            }
        }
        catch (Exception error)
        {
            // Justification: whatever goes wrong, those who asked are told, nothing of the transaction counts, and the next one is tried.
            Fail(store, error as BrokerException ?? new BrokerException($"{store.Name} can't be used: {error.Message}", inner: error));
        }
        finally
        {
            _batch.Clear();
            _served.Clear();
        }
    }

    private void Begin(MessageStore store, bool isCleaning)
    {
        var isDurable = isCleaning;
        foreach (var operation in _batch)
        {
            isDurable |= operation.IsDurable;
        }

        var patience = new BusyWait();
        while (!store.TryBegin(isDurable))
        {
            patience.Wait(store.Name);
        }
    }

    private void Transact(MessageStore store, bool isCleaning)
    {
        // Others may have been here between the last look and the lock.
        if (store.HasChanged())
        {
            _waiting.ForgetDueTimes();
        }

        foreach (var operation in _batch)
        {
            operation.Execute(store);
        }

        if (isCleaning)
        {
            _nextCleaning = store.Clean() ? 0 : store.Now + (long)CleaningPause.TotalMilliseconds;
        }

        _waiting.Note(store.Touched);
        _waiting.Serve(store, _served);
        store.Commit();
        if (_batch.Count > 0)
        {
            // Whoever waits goes on elsewhere, one after the other: a work item for each would cost more than what they do.
            ThreadPool.UnsafeQueueUserWorkItem(static ended => Array.ForEach(ended, operation => operation.Complete(error: null)), _batch.ToArray(), preferLocal: false);
        }

        foreach (var (waiter, leases) in _served)
        {
            waiter.Succeed(leases);
        }
    }

    private void Fail(MessageStore store, BrokerException error)
    {
        try
        {
            store.Rollback();
        }
        catch (BrokerException)
        {
            // The first error says what is wrong.
        }

        // Extensions of one lease put its time back in the order opposite to theirs.
        for (var index = _batch.Count - 1; index >= 0; index--)
        {
            _batch[index].Complete(error);
        }

        foreach (var (waiter, _) in _served)
        {
            waiter.Fail(error);
        }

        _waiting.FailAll(error);
        store.Touched.Clear();
        _nextCleaning = NowMs() + (long)CleaningPause.TotalMilliseconds;
    }

    private void End(MessageStore store)
    {
        var gone = new ObjectDisposedException(typeof(SqliteBroker).FullName);
        lock (_lock)
        {
            // From here on nobody is let in, however the end came about.
            _isEnding = true;
            foreach (var waiter in _arrivals)
            {
                _waiting.Add(waiter);
            }

            _arrivals.Clear();
            while (_operations.TryDequeue(out var operation))
            {
                if (operation.TryBegin())
                {
                    _batch.Add(operation);
                }
            }
        }

        _waiting.FailAll(gone);
        foreach (var operation in _batch)
        {
            operation.Complete(gone);
        }

        try
        {
            store.Leave();
        }
        catch (BrokerException)
        {
            // The row of a process that is gone does no harm.
        }
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}

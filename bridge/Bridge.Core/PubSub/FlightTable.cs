namespace Bridge.Core.PubSub;

/// <summary>The messages that are being handled. Thread: any.</summary>
internal sealed class FlightTable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Flight> _flights = [];
    private TaskCompletionSource? _removed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _flights.Count;
            }
        }
    }

    /// <summary>Adds one that begins.</summary>
    public void Add(Flight flight)
    {
        lock (_lock)
        {
            _flights.Add(flight);
        }
    }

    /// <summary>Removes one that has ended.</summary>
    public void Remove(Flight flight)
    {
        TaskCompletionSource? removed;
        lock (_lock)
        {
            _flights.Remove(flight);
            (removed, _removed) = (_removed, null);
        }

        removed?.SetResult();
    }

    /// <summary>All that there are now.</summary>
    public Flight[] Snapshot()
    {
        lock (_lock)
        {
            return _flights.Count == 0 ? [] : [.. _flights];
        }
    }

    /// <summary>Waits until there are fewer than a limit.</summary>
    /// <returns>How many more may begin.</returns>
    public async Task<int> WhenBelowAsync(int limit, CancellationToken cancellation)
    {
        while (true)
        {
            Task removed;
            lock (_lock)
            {
                if (_flights.Count < limit)
                {
                    return limit - _flights.Count;
                }

                removed = NextRemovalAsync();
            }

            await removed.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits until there are none.</summary>
    public Task WhenEmptyAsync(CancellationToken cancellation) => WhenBelowAsync(1, cancellation);

    private Task NextRemovalAsync() =>
        (_removed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}

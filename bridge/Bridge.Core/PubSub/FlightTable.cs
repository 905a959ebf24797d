namespace Bridge.Core.PubSub;

/// <summary>The messages that are being handled, and those whose end the broker is being told. Thread: any.</summary>
internal sealed class FlightTable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Flight> _flights = [];
    private int _handled;
    private TaskCompletionSource? _changed;

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

    /// <summary>The handler of one has ended; the broker doesn't know yet.</summary>
    public void EndHandling(Flight flight)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            flight.IsHandled = true;
            _handled++;
            (changed, _changed) = (_changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>Removes those that the broker knows the end of, or won't.</summary>
    public void Remove(params ReadOnlySpan<Flight> flights)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            foreach (var flight in flights)
            {
                _flights.Remove(flight);
                _handled -= flight.IsHandled ? 1 : 0;
            }

            (changed, _changed) = (_changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>All that there are now.</summary>
    public Flight[] Snapshot()
    {
        lock (_lock)
        {
            return _flights.Count == 0 ? [] : [.. _flights];
        }
    }

    /// <summary>Waits until another handler may begin.</summary>
    /// <param name="limit">How many handlers may run.</param>
    /// <param name="unsettled">How many messages beside them may wait for the broker.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many more may begin.</returns>
    public async Task<int> WhenRoomAsync(int limit, int unsettled, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var room = Math.Min(limit - (_flights.Count - _handled), limit + unsettled - _flights.Count);
                if (room > 0)
                {
                    return room;
                }

                changed = NextChangeAsync();
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits until there are none.</summary>
    public async Task WhenEmptyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_flights.Count == 0)
                {
                    return;
                }

                changed = NextChangeAsync();
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private Task NextChangeAsync() =>
        (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}

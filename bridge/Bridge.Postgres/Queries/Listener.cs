namespace Bridge.Postgres.Queries;

/// <summary>What a channel's notifications are told to; null stands for those that may have been lost.</summary>
/// <param name="Payload">What NOTIFY sent.</param>
/// <param name="ProcessId">Whose session sent it.</param>
internal sealed record Notification(string Payload, int ProcessId);

/// <summary>A script's wait for notifications of a channel. Thread: any.</summary>
internal sealed class Listener(int id, string channel)
{
    // Beyond this many, whoever reads them has fallen behind so far that looking at the tables is better.
    private const int MaxWaiting = 10_000;

    private readonly Lock _gate = new();
    private List<Notification?> _received = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    /// <summary>Its number.</summary>
    internal int Id { get; } = id;

    /// <summary>The channel's name.</summary>
    internal string Channel { get; } = channel;

    /// <summary>Hands over a notification; null for those that may have been lost.</summary>
    internal void Add(Notification? notification)
    {
        lock (_gate)
        {
            if (_received.Count >= MaxWaiting)
            {
                _received.Clear();
                notification = null;
            }

            _received.Add(notification);
            _arrival.TrySetResult();
        }
    }

    /// <summary>Waits until there is at least one, and takes all.</summary>
    /// <returns>None once it is closed.</returns>
    internal async Task<IReadOnlyList<Notification?>> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_received.Count > 0 || _isClosed)
                {
                    var taken = _received;
                    _received = [];
                    return taken;
                }

                if (_arrival.Task.IsCompleted)
                {
                    _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends every wait.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _arrival.TrySetResult();
        }
    }
}

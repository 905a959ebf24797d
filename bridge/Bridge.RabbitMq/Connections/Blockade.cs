using RabbitMQ.Client;

namespace Bridge.RabbitMq.Connections;

/// <summary>Whether a server that is short of memory or disk lets a connection publish. Thread: any.</summary>
internal sealed class Blockade
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _end;
    private string? _reason;

    /// <summary>Why the server doesn't; null where it does.</summary>
    internal string? Reason
    {
        get
        {
            lock (_lock)
            {
                return _reason;
            }
        }
    }

    /// <summary>Hears from now on what the server says.</summary>
    internal void Watch(IConnection connection)
    {
        connection.ConnectionBlockedAsync += (_, blocked) => SetAsync(blocked.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => SetAsync(null);
        connection.ConnectionShutdownAsync += (_, _) => SetAsync(null);
    }

    /// <summary>Waits until the server lets publish.</summary>
    internal Task WhenOverAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _end is null ? Task.CompletedTask : _end.Task.WaitAsync(cancellation);
        }
    }

    private Task SetAsync(string? reason)
    {
        TaskCompletionSource? over = null;
        lock (_lock)
        {
            _reason = reason;
            if (reason is null)
            {
                (over, _end) = (_end, null);
            }
            else
            {
                _end ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        over?.SetResult();
        return Task.CompletedTask;
    }
}

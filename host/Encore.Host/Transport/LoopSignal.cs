using System.Threading.Tasks.Sources;

namespace Encore.Host.Transport;

/// <summary>An event that one method at a time awaits, without allocating. Thread: one loop's, for all members.</summary>
internal sealed class LoopSignal : IValueTaskSource
{
    // Not readonly: a mutable struct.
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isAwaited;

    /// <summary>Completes when <see cref="Set"/> is next called.</summary>
    internal ValueTask WaitAsync()
    {
        _core.Reset();
        _isAwaited = true;
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Runs what waits, if anything does.</summary>
    internal void Set()
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

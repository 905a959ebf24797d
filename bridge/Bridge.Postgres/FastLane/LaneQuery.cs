using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>What became of a statement in the fast lane.</summary>
/// <param name="Json">The answer, as <c>sql.run</c> gives it; null where the lane gave it up and it is to be run elsewhere.</param>
/// <param name="Bytes">What bytes in the answer are slices of.</param>
/// <param name="Count">How many rows there were.</param>
internal readonly record struct LaneAnswer(string? Json, byte[]? Bytes = null, long Count = 0);

/// <summary>A statement that is on its way through the fast lane, and whoever waits for it.</summary>
/// <remarks>
/// Whoever waits goes on where the answer is read: it must not hold that thread up. Thread: any; it is decided once, by the answer or by the
/// cancellation.
/// </remarks>
internal sealed class LaneQuery(StatementRequest request, RowMode mode) : IValueTaskSource<LaneAnswer>
{
    private ManualResetValueTaskSourceCore<LaneAnswer> _source;
    private CancellationTokenRegistration _registration;
    private bool _isDecided;

    /// <summary>The statement.</summary>
    internal StatementRequest Request { get; } = request;

    /// <summary>Which rows are wanted.</summary>
    internal RowMode Mode { get; } = mode;

    /// <summary>When it was sent.</summary>
    internal long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>What it runs, on its connection. Set before it is sent.</summary>
    internal LaneStatement? Prepared { get; set; }

    /// <summary>Whether nobody waits for it any more.</summary>
    internal bool IsAbandoned => Volatile.Read(ref _isDecided);

    /// <summary>The answer.</summary>
    internal ValueTask<LaneAnswer> Task => new(this, _source.Version);

    /// <summary>Ends the wait, and not the statement, when the cancellation comes. Call it once, before it is sent.</summary>
    internal void CancelWith(CancellationToken cancellation) =>
        _registration = cancellation.UnsafeRegister(static (query, token) => ((LaneQuery)query!).Cancel(token), this);

    /// <summary>It wasn't sent: nobody is going to answer.</summary>
    internal void Withdraw() => _registration.Unregister();

    /// <summary>Answers it, unless nobody waits any more.</summary>
    internal void Answer(LaneAnswer answer)
    {
        if (!Interlocked.Exchange(ref _isDecided, true))
        {
            _registration.Unregister();
            _source.SetResult(answer);
        }
    }

    LaneAnswer IValueTaskSource<LaneAnswer>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<LaneAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<LaneAnswer>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellation)
    {
        if (!Interlocked.Exchange(ref _isDecided, true))
        {
            _source.SetException(new OperationCanceledException(cancellation));
        }
    }
}

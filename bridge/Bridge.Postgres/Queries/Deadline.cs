using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary>A statement's time: it ends when nobody waits any more, or when its timeout has passed.</summary>
internal readonly struct Deadline : IDisposable
{
    private readonly CancellationTokenSource? _source;
    private readonly CancellationToken _outer;
    private readonly TimeSpan _limit;

    private Deadline(TimeSpan limit, TimeSpan spent, CancellationToken outer)
    {
        _outer = outer;
        _limit = limit;
        if (limit > TimeSpan.Zero)
        {
            _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
            _source.CancelAfter(limit > spent ? limit - spent : TimeSpan.Zero);
        }
    }

    /// <summary>Comes when the time is over.</summary>
    internal CancellationToken Token => _source?.Token ?? _outer;

    /// <summary>Starts the time.</summary>
    /// <param name="milliseconds">The timeout; 0 for none.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <param name="spent">How much of it is over already.</param>
    internal static Deadline Start(double milliseconds, CancellationToken cancellation, TimeSpan spent = default) =>
        new(TimeSpan.FromMilliseconds(milliseconds), spent, cancellation);

    /// <summary>What an exception is about: the timeout, the cancellation, or itself.</summary>
    internal Exception Interpret(Exception exception)
    {
        if (_outer.IsCancellationRequested)
        {
            return exception as OperationCanceledException ?? new OperationCanceledException("the statement was cancelled", exception, _outer);
        }

        return _source is { IsCancellationRequested: true } ? SqlError.TimedOut(_limit) : exception;
    }

    /// <inheritdoc/>
    public void Dispose() => _source?.Dispose();
}

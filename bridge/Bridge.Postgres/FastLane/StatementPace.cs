namespace Bridge.Postgres.FastLane;

/// <summary>How quick a statement is, as far as it has run: others wait behind it in the fast lane.</summary>
/// <remarks>
/// On a busy machine anything takes long now and then: only what does so several times in a row counts as slow. Thread: any; two that end at
/// once may count as one.
/// </remarks>
internal sealed class StatementPace
{
    private const int SlowRunsInARow = 3;

    // For how long a statement is kept out after it held others up; twice that the next time, and so on.
    private const long FirstPenalty = 10_000;
    private const int MaxDoublings = 6;

    /// <summary>What is quicker holds nobody up.</summary>
    internal static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);

    private volatile bool _isQuick;
    private volatile int _slowRuns;
    private long _keptOutUntil;
    private int _stalls;

    /// <summary>Whether it takes little time, as far as is known.</summary>
    internal bool IsQuick => _isQuick && Environment.TickCount64 >= Volatile.Read(ref _keptOutUntil);

    /// <summary>It has run, wherever that was.</summary>
    internal void Ran(TimeSpan duration)
    {
        if (duration <= Quick)
        {
            if (_slowRuns != 0)
            {
                _slowRuns = 0;
            }

            if (!_isQuick)
            {
                _isQuick = true;
            }
        }
        else if (++_slowRuns >= SlowRunsInARow)
        {
            _isQuick = false;
        }
    }

    /// <summary>It held others up, and was cancelled for that.</summary>
    internal void Stalled()
    {
        _isQuick = false;
        KeepOut();
    }

    /// <summary>It failed, and others had to run a second time for that.</summary>
    internal void KeepOut()
    {
        Volatile.Write(ref _keptOutUntil, Environment.TickCount64 + (FirstPenalty << Math.Min(_stalls, MaxDoublings)));
        _stalls++;
    }
}

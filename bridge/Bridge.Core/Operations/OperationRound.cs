namespace Bridge.Core.Operations;

/// <summary>Something that is done once for all that a round brought: a write, a wake-up.</summary>
public interface IRoundEnd
{
    /// <summary>Does it. Thread: the round's.</summary>
    void EndRound();
}

/// <summary>
/// What one thread does in a row: starts all operations of a turn, or takes all answers that came with one read.
/// </summary>
/// <remarks>
/// What belongs together gathers: an isolate is woken once for all that was completed, a connection is written to once for all that was asked.
/// Thread: each has its own round.
/// </remarks>
public static class OperationRound
{
    [ThreadStatic]
    private static List<IRoundEnd>? _ends;

    // A round within a round ends with that.
    [ThreadStatic]
    private static int _depth;

    /// <summary>Begins a round of the calling thread. It must end on the same thread, without an await in between.</summary>
    public static void Begin()
    {
        _ends ??= [];
        _depth++;
    }

    /// <summary>Leaves something to the end of the calling thread's round.</summary>
    /// <returns>False where the thread is in no round: the caller does it at once.</returns>
    public static bool TryDefer(IRoundEnd end)
    {
        if (_depth == 0 || _ends is not { } ends)
        {
            return false;
        }

        if (!ends.Contains(end))
        {
            ends.Add(end);
        }

        return true;
    }

    /// <summary>Ends the round, and does what was left to that: also what that leaves to it in turn.</summary>
    public static void End()
    {
        try
        {
            while (_depth == 1 && _ends is { Count: > 0 } ends)
            {
                var end = ends[0];
                ends.RemoveAt(0);
                end.EndRound();
            }
        }
        finally
        {
            _depth--;
        }
    }
}

using Bridge.Core.Decoding.Reporting;

namespace Bridge.Core.Decoding.Json;

/// <content>Going back, so that a union can try its options in turn.</content>
internal ref partial struct DecodeCursor
{
    // Nested unions multiply: options to the power of the depth, were it not for a budget of bytes read again. Honest requests read a few
    // bytes twice; the factor leaves room for unions inside unions, the allowance for small bodies.
    private const long RewindAllowance = 64 * 1024;
    private const int RewindFactor = 64;
    private const long MaxRewind = 64 * 1024 * 1024;

    /// <summary>Remembers the cursor and mutes the report while an option is tried.</summary>
    public CursorMark Mark()
    {
        var mark = new CursorMark(_position, OutputLength, _depth, Report);
        Report = null;
        return mark;
    }

    /// <summary>Returns to a mark, to try another option.</summary>
    /// <returns>False where the budget for reading again is used up.</returns>
    public bool Rewind(in CursorMark mark)
    {
        _rewindBudget -= _position - mark.Position;
        _position = mark.Position;
        _depth = mark.Depth;
        RewindOutput(mark.OutputLength);
        return _rewindBudget >= 0;
    }
}

/// <summary>A place to return to.</summary>
internal readonly record struct CursorMark(int Position, int OutputLength, int Depth, FailureReport? Report);

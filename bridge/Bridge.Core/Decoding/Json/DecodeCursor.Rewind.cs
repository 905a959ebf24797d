using Bridge.Core.Decoding.Reporting;

namespace Bridge.Core.Decoding.Json;

/// <content>Going back, so that a union can try its options in turn.</content>
internal ref partial struct DecodeCursor
{
    // What a nested union chose is remembered, so that reading it again costs its bytes and not its options: nested unions cost options times
    // depth, not options to the power of it. Depth and looking ahead multiply the bytes still, so those read again have a budget. Honest
    // requests read a few bytes twice; the factor leaves room for unions inside unions, the allowance for small bodies.
    private const long RewindAllowance = 64 * 1024;
    private const int RewindFactor = 64;
    private const long MaxRewind = 64 * 1024 * 1024;

    /// <summary>Remembers the cursor and mutes the report while options are tried, until <see cref="EndTrial"/>.</summary>
    public CursorMark Mark()
    {
        var mark = new CursorMark(_position, OutputLength, _depth, _trials, Report);
        Report = null;
        _trials++;
        return mark;
    }

    /// <summary>Returns to a mark, to try another option.</summary>
    /// <returns>False where the budget for reading again is used up.</returns>
    public bool Rewind(in CursorMark mark)
    {
        _rewindBudget -= _position - mark.Position;
        _position = mark.Position;
        _depth = mark.Depth;
        _trials = mark.Trials + 1;
        RewindOutput(mark.OutputLength);
        return _rewindBudget >= 0;
    }

    /// <summary>Reports again where it did before a mark.</summary>
    public void EndTrial(in CursorMark mark)
    {
        Report = mark.Report;
        _trials = mark.Trials;
    }

    /// <summary>What a union chose for the value at the cursor when it was read before.</summary>
    /// <param name="union">The union's number.</param>
    /// <param name="choice">The index of the option; -1 where none fits.</param>
    /// <returns>False where it isn't known.</returns>
    public readonly bool KnownChoice(int union, out int choice)
    {
        choice = -1;
        return _trials > 0 && _scratch is not null && _scratch.Choices.TryGetValue(ChoiceKey(union, _position), out choice);
    }

    /// <summary>Remembers what a union chose, if the value may be read again.</summary>
    public void RememberChoice(int union, int position, int choice)
    {
        if (_trials > 0)
        {
            Scratch().Choices[ChoiceKey(union, position)] = choice;
        }
    }

    private static long ChoiceKey(int union, int position) => ((long)union << 32) | (uint)position;
}

/// <summary>A place to return to.</summary>
internal readonly record struct CursorMark(int Position, int OutputLength, int Depth, int Trials, FailureReport? Report);

using System.Buffers;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>Runs a <see cref="PatternProgram"/> on a text, with backtracking.</summary>
/// <remarks>
/// Of a memoryless program no pair of instruction and place is tried twice, so its time is linear in the text. All others have a budget of
/// steps, which is the same on every machine.
/// </remarks>
/// <param name="program">The program.</param>
/// <param name="text">The text: well-formed UTF-16.</param>
/// <param name="steps">Steps that it may take; those taken are subtracted.</param>
internal ref struct PatternMatcher(PatternProgram program, ReadOnlySpan<char> text, long steps)
{
    private const int Unset = -1;
    private const long MostPairs = 1L << 29; // 64 MiB of bits

    private readonly ReadOnlySpan<char> _text = text;
    private readonly PatternInstruction[] _program = program.Instructions;
    private readonly int[] _slots = ArrayPool<int>.Shared.Rent(Math.Max(program.SlotCount, 1));
    private int[] _stack = ArrayPool<int>.Shared.Rent(256); // pairs: where to go on (instruction, place), or what a slot held (~slot, value)
    private ulong[]? _tried;
    private int _top;

    /// <summary>Steps left; below zero where they weren't enough, and the answer means nothing.</summary>
    public long Steps { get; private set; } = steps;

    /// <summary>Whether the text has a match anywhere.</summary>
    public bool IsMatch()
    {
        var pairs = (long)_program.Length * (_text.Length + 1);
        if (program.IsMemoryless && pairs <= MostPairs)
        {
            _tried = ArrayPool<ulong>.Shared.Rent((int)((pairs + 63) / 64));
            _tried.AsSpan(0, (int)((pairs + 63) / 64)).Clear();
        }

        var isMatch = Search();
        ArrayPool<int>.Shared.Return(_slots);
        ArrayPool<int>.Shared.Return(_stack);
        if (_tried is not null)
        {
            ArrayPool<ulong>.Shared.Return(_tried);
        }

        return isMatch;
    }

    private bool Search()
    {
        for (var start = 0; start <= _text.Length; start++)
        {
            if (program.IsUnicode && start > 0 && start < _text.Length && char.IsLowSurrogate(_text[start]))
            {
                continue;
            }

            _slots.AsSpan(0, program.SlotCount).Fill(Unset);
            if (Run(0, start))
            {
                return true;
            }

            if (program.IsAnchored || Steps < 0)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Runs from an instruction up to its match; without one, all is as it was before.</summary>
    private bool Run(int instruction, int place)
    {
        var bottom = _top;
        while (true)
        {
            if (Step(ref instruction, ref place, out var isMatch))
            {
                if (isMatch)
                {
                    return true;
                }
            }
            else if (!Back(bottom, ref instruction, ref place))
            {
                return false;
            }
        }
    }

    /// <summary>Takes one step; false where it fails.</summary>
    private bool Step(ref int instruction, ref int place, out bool isMatch)
    {
        isMatch = false;
        if (_tried is null ? --Steps < 0 : !IsFirstTry(instruction, place))
        {
            return false;
        }

        ref readonly var current = ref _program[instruction];
        instruction++;
        switch (current.Operation)
        {
            case PatternOperation.Match:
                isMatch = true;
                return true;
            case PatternOperation.Take:
                return TakeAhead(current.Set!, ref place); // Justification: every such instruction has one.
            case PatternOperation.TakeBack:
                return TakeBehind(current.Set!, ref place); // Justification: as above.
            case PatternOperation.Split:
                Push(current.Y, place);
                instruction = current.X;
                return true;
            case PatternOperation.Jump:
                instruction = current.X;
                return true;
            case PatternOperation.Save:
                Set(current.X, place);
                return true;
            case PatternOperation.Clear:
                for (var slot = current.X; slot < current.Y; slot++)
                {
                    Set(slot, Unset);
                }

                return true;
            case PatternOperation.Progress:
                return _slots[current.X] != place;
            case PatternOperation.Anchor:
                return Holds((AnchorKind)current.X, place);
            case PatternOperation.Look:
                var isRight = Look(instruction, place) == (current.Y == 0);
                instruction = current.X;
                return isRight;
            default:
                return Refer(current.Groups!, current.Operation == PatternOperation.ReferenceBack, ref place); // Justification: as above.
        }
    }

    private bool IsFirstTry(int instruction, int place)
    {
        var pair = ((long)instruction * (_text.Length + 1)) + place;
        ref var word = ref _tried![pair >> 6]; // Justification: the caller tested it.
        var bit = 1UL << (int)pair; // the shift counts modulo 64
        var isFirst = (word & bit) == 0;
        word |= bit;
        return isFirst;
    }

    private bool TakeAhead(CodePointSet set, ref int place)
    {
        if (place >= _text.Length)
        {
            return false;
        }

        int value = _text[place];
        var length = 1;
        if (program.IsUnicode && char.IsHighSurrogate((char)value) && place + 1 < _text.Length && char.IsLowSurrogate(_text[place + 1]))
        {
            value = char.ConvertToUtf32((char)value, _text[place + 1]);
            length = 2;
        }

        place += length;
        return set.Contains(value);
    }

    private bool TakeBehind(CodePointSet set, ref int place)
    {
        if (place == 0)
        {
            return false;
        }

        int value = _text[place - 1];
        var length = 1;
        if (program.IsUnicode && char.IsLowSurrogate((char)value) && place > 1 && char.IsHighSurrogate(_text[place - 2]))
        {
            value = char.ConvertToUtf32(_text[place - 2], (char)value);
            length = 2;
        }

        place -= length;
        return set.Contains(value);
    }

    private readonly bool Holds(AnchorKind kind, int place) => kind switch
    {
        AnchorKind.Start => place == 0,
        AnchorKind.End => place == _text.Length,
        AnchorKind.LineStart => place == 0 || CodePointSet.LineTerminators.Contains(_text[place - 1]),
        AnchorKind.LineEnd => place == _text.Length || CodePointSet.LineTerminators.Contains(_text[place]),
        _ => (IsWord(place - 1) != IsWord(place)) == (kind == AnchorKind.Boundary),
    };

    private readonly bool IsWord(int place) => (uint)place < (uint)_text.Length && CodePointSet.WordCharacters.Contains(_text[place]);

    /// <summary>Whether the instructions of a look-around match; what their groups took stays then, and can be taken back.</summary>
    private bool Look(int instruction, int place)
    {
        var bottom = _top;
        var isNegated = _program[instruction - 1].Y != 0;
        if (!Run(instruction, place))
        {
            return false;
        }

        // Nothing goes back into a look-around: its open ways go, what slots held stays for those who go back past it.
        var kept = bottom;
        for (var i = bottom; i < _top; i += 2)
        {
            if (_stack[i] < 0)
            {
                (_stack[kept], _stack[kept + 1]) = (_stack[i], _stack[i + 1]);
                kept += 2;
            }
        }

        _top = kept;
        if (isNegated)
        {
            var (unusedInstruction, unusedPlace) = (0, 0);
            Back(bottom, ref unusedInstruction, ref unusedPlace);
        }

        return true;
    }

    private bool Refer(IReadOnlyList<int> groups, bool isBackward, ref int place)
    {
        foreach (var group in groups)
        {
            var (start, end) = (_slots[2 * group], _slots[(2 * group) + 1]);
            if (start == Unset || end == Unset)
            {
                continue; // a group without a match refers to the empty text
            }

            var taken = _text[start..end];
            Steps -= taken.Length;
            var isThere = isBackward ? _text[..place].EndsWith(taken) : _text[place..].StartsWith(taken);
            place += isBackward ? -taken.Length : taken.Length;
            return isThere;
        }

        return true;
    }

    private void Set(int slot, int value)
    {
        Push(~slot, _slots[slot]);
        _slots[slot] = value;
    }

    private void Push(int first, int second)
    {
        if (_top + 2 > _stack.Length)
        {
            var grown = ArrayPool<int>.Shared.Rent(_stack.Length * 2);
            _stack.AsSpan(0, _top).CopyTo(grown);
            ArrayPool<int>.Shared.Return(_stack);
            _stack = grown;
        }

        _stack[_top++] = first;
        _stack[_top++] = second;
    }

    /// <summary>Goes back to the last open way above a height, undoing what was done since; false where there is none.</summary>
    private bool Back(int bottom, ref int instruction, ref int place)
    {
        while (_top > bottom)
        {
            var second = _stack[--_top];
            var first = _stack[--_top];
            if (first >= 0)
            {
                (instruction, place) = (first, second);
                return true;
            }

            _slots[~first] = second;
        }

        return false;
    }
}

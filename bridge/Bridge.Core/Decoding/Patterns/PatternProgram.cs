namespace Bridge.Core.Decoding.Patterns;

/// <summary>What an instruction of a <see cref="PatternProgram"/> does.</summary>
internal enum PatternOperation
{
    /// <summary>The text matches.</summary>
    Match,

    /// <summary>Takes one character of <see cref="PatternInstruction.Set"/>.</summary>
    Take,

    /// <summary>The same, to the left.</summary>
    TakeBack,

    /// <summary>Goes on at X, and at Y should that fail.</summary>
    Split,

    /// <summary>Goes on at X.</summary>
    Jump,

    /// <summary>Keeps the position in slot X.</summary>
    Save,

    /// <summary>Empties the slots from X up to, without, Y.</summary>
    Clear,

    /// <summary>Fails where the position is still the one in slot X: the round of a loop took nothing.</summary>
    Progress,

    /// <summary>Holds at an anchor of kind X.</summary>
    Anchor,

    /// <summary>Holds where the instructions that follow, up to their match, match ahead or behind; goes on at X. Y is 1 where they must not.</summary>
    Look,

    /// <summary>Takes what one of the groups in <see cref="PatternInstruction.Groups"/> took.</summary>
    Reference,

    /// <summary>The same, to the left.</summary>
    ReferenceBack,
}

/// <summary>An instruction.</summary>
internal readonly record struct PatternInstruction(PatternOperation Operation, int X = 0, int Y = 0, CodePointSet? Set = null, IReadOnlyList<int>? Groups = null);

/// <summary>A pattern as instructions for <see cref="PatternMatcher"/>, which does what ECMA-262 section 22.2.2 says step by step.</summary>
internal sealed class PatternProgram
{
    // Counted parts are written out, and parts of those again: a pattern beyond this is refused at start.
    private const int MaxInstructions = 50_000;

    private readonly List<PatternInstruction> _instructions = [];
    private readonly bool _keepsState;
    private bool _isBackward;

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="SchemaException">It is too large.</exception>
    public PatternProgram(PatternSyntax pattern)
    {
        IsUnicode = pattern.IsUnicode;
        _keepsState = !pattern.Root.IsContextFree;
        SlotCount = _keepsState ? 2 * (pattern.GroupCount + 1) : 0;
        Emit(pattern.Root);
        Add(new(PatternOperation.Match));
        Instructions = [.. _instructions];
        IsAnchored = pattern.Root is AnchorNode { Kind: AnchorKind.Start }
            or SequenceNode { Parts: [AnchorNode { Kind: AnchorKind.Start }, ..] };
    }

    /// <summary>The instructions; the first is where matching begins.</summary>
    public PatternInstruction[] Instructions { get; }

    /// <summary>Slots that a run needs.</summary>
    public int SlotCount { get; private set; }

    /// <summary>Whether a code point is one character.</summary>
    public bool IsUnicode { get; }

    /// <summary>Whether a match can begin at the text's beginning only.</summary>
    public bool IsAnchored { get; }

    /// <summary>
    /// Whether place and instruction alone decide how a run goes on, so that each pair needs to be tried once: time linear in the text.
    /// </summary>
    public bool IsMemoryless => !_keepsState;

    private int Add(PatternInstruction instruction)
    {
        if (_instructions.Count >= MaxInstructions)
        {
            throw new SchemaException("A regular expression is too large once its counted parts are written out.");
        }

        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                Add(new(_isBackward ? PatternOperation.TakeBack : PatternOperation.Take, Set: set.Set));
                break;
            case SequenceNode sequence:
                foreach (var part in _isBackward ? sequence.Parts.Reverse() : sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case AlternativesNode alternatives:
                EmitAlternatives(alternatives.Options);
                break;
            case GroupNode group:
                EmitGroup(group);
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
            case AnchorNode anchor:
                Add(new(PatternOperation.Anchor, (int)anchor.Kind));
                break;
            case LookNode look:
                EmitLook(look);
                break;
            case ReferenceNode reference:
                Add(new(_isBackward ? PatternOperation.ReferenceBack : PatternOperation.Reference, Groups: reference.Groups));
                break;
            default:
                throw new System.Diagnostics.UnreachableException(node.GetType().Name);
        }
    }

    private void EmitAlternatives(IReadOnlyList<PatternNode> options)
    {
        var ends = new List<int>();
        for (var i = 0; i < options.Count - 1; i++)
        {
            var split = Add(default);
            Emit(options[i]);
            ends.Add(Add(default));
            _instructions[split] = new(PatternOperation.Split, split + 1, _instructions.Count);
        }

        Emit(options[^1]);
        ends.ForEach(end => _instructions[end] = new(PatternOperation.Jump, _instructions.Count));
    }

    private void EmitGroup(GroupNode group)
    {
        if (!_keepsState)
        {
            Emit(group.Inner);
            return;
        }

        var (first, last) = _isBackward ? (1, 0) : (0, 1);
        Add(new(PatternOperation.Save, (2 * group.Number) + first));
        Emit(group.Inner);
        Add(new(PatternOperation.Save, (2 * group.Number) + last));
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        for (var round = 0; round < repeat.Min; round++)
        {
            EmitRound(repeat);
        }

        if (repeat.Max == RepeatNode.Unbounded)
        {
            var split = Add(default);
            EmitOptionalRound(repeat);
            Add(new(PatternOperation.Jump, split));
            _instructions[split] = SplitAt(repeat, split, _instructions.Count);
            return;
        }

        var splits = new List<int>();
        for (var round = repeat.Min; round < repeat.Max; round++)
        {
            splits.Add(Add(default));
            EmitOptionalRound(repeat);
        }

        splits.ForEach(split => _instructions[split] = SplitAt(repeat, split, _instructions.Count));
    }

    private static PatternInstruction SplitAt(RepeatNode repeat, int split, int end) => repeat.IsLazy
        ? new(PatternOperation.Split, end, split + 1)
        : new(PatternOperation.Split, split + 1, end);

    // RepeatMatcher: every round forgets what its groups took; one that need not be must take something.
    private void EmitRound(RepeatNode repeat)
    {
        if (_keepsState && repeat.EndGroup > repeat.FirstGroup)
        {
            Add(new(PatternOperation.Clear, 2 * repeat.FirstGroup, 2 * repeat.EndGroup));
        }

        Emit(repeat.Inner);
    }

    private void EmitOptionalRound(RepeatNode repeat)
    {
        if (!_keepsState)
        {
            Emit(repeat.Inner);
            return;
        }

        var slot = SlotCount++;
        Add(new(PatternOperation.Save, slot));
        EmitRound(repeat);
        Add(new(PatternOperation.Progress, slot));
    }

    private void EmitLook(LookNode look)
    {
        var wasBackward = _isBackward;
        _isBackward = look.IsBehind;
        var start = Add(default);
        Emit(look.Inner);
        Add(new(PatternOperation.Match));
        _instructions[start] = new(PatternOperation.Look, _instructions.Count, look.IsNegated ? 1 : 0);
        _isBackward = wasBackward;
    }
}

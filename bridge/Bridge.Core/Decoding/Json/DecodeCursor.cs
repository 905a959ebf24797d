using System.Runtime.CompilerServices;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Json;

/// <summary>
/// The state of one decode: where it reads, what it has written, and, in the second pass over a bad request, what it found.
/// </summary>
/// <remarks>
/// Every method that returns bool returns false for "stop now". Without a report that is the first failure of any kind; with one it is a
/// syntax error or a full report, while a value that merely doesn't fit is recorded, consumed, and answered with true.
/// Invariant: the input is valid UTF-8 (checked once, before the first read), so the scanner looks at ASCII bytes only.
/// </remarks>
internal ref partial struct DecodeCursor
{
    /// <summary>Nesting allowed in a body, dropped values included: bounds the stack.</summary>
    public const int MaxDepth = 128;

    private readonly ReadOnlySpan<byte> _input;
    private readonly PooledBuffer _output;
    private Span<byte> _free;
    private int _used;
    private int _position;
    private int _depth;
    private int _trials;
    private long _rewindBudget;
    private DecodeScratch? _scratch;

    /// <summary>Starts at the first byte of a body.</summary>
    /// <param name="input">The body: valid UTF-8.</param>
    /// <param name="output">Receives the normalised JSON; nobody else writes to it until <see cref="Finish"/>.</param>
    /// <param name="report">Collects violations; null for the fast pass.</param>
    public DecodeCursor(ReadOnlySpan<byte> input, PooledBuffer output, FailureReport? report)
    {
        _input = input;
        _output = output;
        _free = output.GetSpan(input.Length + 256);
        Report = report;
        _rewindBudget = RewindAllowance + Math.Min((long)input.Length * RewindFactor, MaxRewind);
    }

    /// <summary>Where violations go in the second pass; null in the first.</summary>
    public FailureReport? Report { get; set; }

    /// <summary>The part of the request being decoded.</summary>
    public RequestPlace Place { get; private set; } = RequestPlace.Body;

    /// <summary>Whether the root object, which several places fill in turn, has a member already.</summary>
    public bool HasMembers { get; set; }

    /// <summary>How many elements the array just decoded had.</summary>
    public int ElementCount { get; set; }

    /// <summary>The output's length before the list that repeated values make.</summary>
    public int ListStart { get; set; }

    /// <summary>The offset of the next byte.</summary>
    public readonly int Position => _position;

    /// <summary>The body from an offset up to the next byte to read.</summary>
    public readonly ReadOnlySpan<byte> InputFrom(int start) => _input[start.._position];

    /// <summary>The kind of the value at the cursor; none at the end or where no value starts.</summary>
    public readonly JsonKinds PeekKind() =>
        (uint)_position < (uint)_input.Length ? JsonBytes.KindOf(_input[_position]) : JsonKinds.None;

    /// <summary>Whether the next byte is this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool At(byte expected) => (uint)_position < (uint)_input.Length && _input[_position] == expected;

    /// <summary>Takes the next byte if it is this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(byte expected)
    {
        if (!At(expected))
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Skips whitespace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipWhitespace()
    {
        // One space after a colon or comma is by far the most common whitespace: spare it the loop.
        TryTake((byte)' ');
        if ((uint)_position < (uint)_input.Length && _input[_position] <= (byte)' ')
        {
            SkipWhitespaceRun();
        }
    }

    /// <summary>Turns to another part of the request.</summary>
    public void MoveTo(RequestPlace place)
    {
        Place = place;
        if (Report is not null)
        {
            Report.Place = place;
        }
    }

    /// <summary>Takes the opening byte of an array or object; a fault past <see cref="MaxDepth"/>.</summary>
    public bool Enter()
    {
        if (++_depth > MaxDepth)
        {
            return Fault("recursion limit exceeded");
        }

        _position++;
        return true;
    }

    /// <summary>Leaves the array or object last entered.</summary>
    public void Leave() => _depth--;

    /// <summary>Checks that nothing but whitespace follows the value.</summary>
    public bool AtEnd()
    {
        SkipWhitespace();
        return _position == _input.Length || Fault("trailing characters");
    }

    /// <summary>Hands the output back and returns what was rented.</summary>
    public void Finish()
    {
        _output.Advance(_used);
        _used = 0;
        _free = default;
        DecodeScratch.Return(_scratch);
        _scratch = null;
    }

    /// <summary>Records a syntax error at an offset and stops.</summary>
    public readonly bool Fault(string reason, int position)
    {
        Report?.Syntax(reason, _input, position);
        return false;
    }

    /// <summary>Records a syntax error at the cursor and stops.</summary>
    public readonly bool Fault(string reason) => Fault(reason, _position);

    /// <summary>Records that the value at the cursor is of the wrong type, and skips it.</summary>
    public bool Mismatch(ValueNode node) => Report is not null && SkipMismatch(node);

    /// <summary>Records that the value consumed since an offset is of the right JSON kind and still not what the schema wants.</summary>
    public readonly bool Mismatch(ValueNode node, int start) => Report is not null && Report.Mismatch(node, InputFrom(start));

    /// <summary>Records that text from a path, query, header or cookie can't be read as the schema wants.</summary>
    public readonly bool Mismatch(ValueNode node, scoped ReadOnlySpan<byte> text) => Report is not null && Report.TextMismatch(node, text);

    /// <summary>Records that a value just consumed breaks a rule.</summary>
    public readonly bool Reject(string rule, string reason) => Report is not null && Report.Add(rule, reason);

    /// <summary>Records that a value just consumed breaks a rule.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="reason">For people.</param>
    /// <param name="expected">What the rule asks for.</param>
    /// <param name="subject">The value.</param>
    public readonly bool Reject(string rule, string reason, string expected, scoped in RuleSubject subject) =>
        Report is not null && Report.Add(rule, reason, expected: expected, got: subject.Source);

    /// <summary>Records that a header or cookie didn't come.</summary>
    public readonly bool MissingCarrier(string name) => Report is not null && Report.MissingCarrier(name);

    /// <summary>Unescaping space and the like, rented on first use.</summary>
    public DecodeScratch Scratch() => _scratch ??= DecodeScratch.Rent();

    private bool SkipMismatch(ValueNode node)
    {
        var start = _position;
        return SkipValue() && Report!.Mismatch(node, InputFrom(start)); // Justification: the caller checked it.
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SkipWhitespaceRun()
    {
        while ((uint)_position < (uint)_input.Length && JsonBytes.IsWhitespace(_input[_position]))
        {
            _position++;
        }
    }
}

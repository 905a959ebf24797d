namespace Bridge.Core.Decoding.Patterns;

/// <summary>A part of a regular expression of ECMA-262.</summary>
internal abstract record PatternNode
{
    /// <summary>Whether it is regular in the strict sense: no look-around, no word boundary, no reference.</summary>
    public abstract bool IsRegular { get; }

    /// <summary>Whether its answer depends on nothing but the text around the place: no look-around and no reference.</summary>
    public abstract bool IsContextFree { get; }
}

/// <summary>One character of a set.</summary>
internal sealed record SetNode(CodePointSet Set) : PatternNode
{
    public override bool IsRegular => true;

    public override bool IsContextFree => true;
}

/// <summary>Parts after each other; none is the empty text.</summary>
internal sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override bool IsRegular => Parts.All(part => part.IsRegular);

    public override bool IsContextFree => Parts.All(part => part.IsContextFree);
}

/// <summary><c>a|b</c>.</summary>
internal sealed record AlternativesNode(IReadOnlyList<PatternNode> Options) : PatternNode
{
    public override bool IsRegular => Options.All(option => option.IsRegular);

    public override bool IsContextFree => Options.All(option => option.IsContextFree);
}

/// <summary><c>(a)</c>, the capturing group of a number.</summary>
internal sealed record GroupNode(int Number, PatternNode Inner) : PatternNode
{
    public override bool IsRegular => Inner.IsRegular;

    public override bool IsContextFree => Inner.IsContextFree;
}

/// <summary><c>a{2,5}</c> and its like. The groups from <paramref name="FirstGroup"/> up to, without, <paramref name="EndGroup"/> are inside.</summary>
internal sealed record RepeatNode(PatternNode Inner, int Min, int Max, bool IsLazy, int FirstGroup, int EndGroup) : PatternNode
{
    /// <summary>As a maximum: any number of times.</summary>
    public const int Unbounded = int.MaxValue;

    public override bool IsRegular => Inner.IsRegular;

    public override bool IsContextFree => Inner.IsContextFree;
}

/// <summary>Where an anchor holds.</summary>
internal enum AnchorKind
{
    /// <summary>At the text's beginning.</summary>
    Start,

    /// <summary>At the text's end.</summary>
    End,

    /// <summary>At a line's beginning.</summary>
    LineStart,

    /// <summary>At a line's end.</summary>
    LineEnd,

    /// <summary>Between a word character and another one.</summary>
    Boundary,

    /// <summary>Anywhere else.</summary>
    NoBoundary,
}

/// <summary><c>^</c>, <c>$</c>, <c>\b</c>, <c>\B</c>.</summary>
internal sealed record AnchorNode(AnchorKind Kind) : PatternNode
{
    public override bool IsRegular => Kind is AnchorKind.Start or AnchorKind.End;

    public override bool IsContextFree => true;
}

/// <summary><c>(?=a)</c>, <c>(?!a)</c>, <c>(?&lt;=a)</c>, <c>(?&lt;!a)</c>.</summary>
internal sealed record LookNode(PatternNode Inner, bool IsBehind, bool IsNegated) : PatternNode
{
    public override bool IsRegular => false;

    public override bool IsContextFree => false;
}

/// <summary><c>\1</c> or <c>\k&lt;name&gt;</c>: what one of the groups matched; several share a name in different alternatives.</summary>
internal sealed record ReferenceNode(IReadOnlyList<int> Groups) : PatternNode
{
    public override bool IsRegular => false;

    public override bool IsContextFree => false;
}

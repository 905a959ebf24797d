using Bridge.Core.Decoding.Patterns;

namespace Bridge.Core.Calls;

/// <summary>
/// Which regular expressions a backtracking matcher decides in time linear in the text, whatever the text: the others are the host's, whose
/// matcher is linear for all.
/// </summary>
/// <remarks>
/// Either nothing in it repeats and nothing is an alternative; or it is anchored at its beginning and deterministic: the next character alone
/// says which way to go, so that each way not taken ends at its first character.
/// </remarks>
internal static class QuickPattern
{
    private static readonly CodePointSet Nothing = CodePointSet.Of(Array.Empty<(int, int)>());

    /// <summary>The flags that a pattern is to be compiled with; null where the host must be asked.</summary>
    /// <exception cref="Decoding.SchemaException">It is no regular expression.</exception>
    public static string? FlagsOf(string pattern)
    {
        var syntax = PatternSyntax.Parse(pattern);
        var isQuick = syntax.Root.IsRegular && (IsFixed(syntax.Root) || IsAnchoredAndDeterministic(syntax.Root));
        return isQuick ? (syntax.IsUnicode ? "u" : "") : null;
    }

    private static bool IsFixed(PatternNode node) => node switch
    {
        SetNode or AnchorNode => true,
        SequenceNode sequence => sequence.Parts.All(IsFixed),
        GroupNode group => IsFixed(group.Inner),
        _ => false,
    };

    private static bool IsAnchoredAndDeterministic(PatternNode root)
    {
        if (root is not SequenceNode { Parts: [AnchorNode { Kind: AnchorKind.Start }, ..] } sequence)
        {
            return false;
        }

        var end = sequence.Parts[^1] is AnchorNode { Kind: AnchorKind.End } ? 1 : 0;
        return AreDeterministic([.. sequence.Parts.Skip(1).SkipLast(end)], Nothing);
    }

    /// <summary>Whether the next character tells each way through a part from all others, and from what may follow the part.</summary>
    private static bool IsDeterministic(PatternNode node, CodePointSet follow) => node switch
    {
        SetNode => true,
        GroupNode group => IsDeterministic(group.Inner, follow),
        SequenceNode sequence => AreDeterministic(sequence.Parts, follow),
        AlternativesNode alternatives => AreDeterministic(alternatives, follow),
        RepeatNode repeat => !IsEmpty(repeat.Inner)
            && (repeat.Min == repeat.Max || AreDisjoint(FirstOf(repeat.Inner), follow))
            && IsDeterministic(repeat.Inner, Union(FirstOf(repeat.Inner), follow)),
        _ => false,
    };

    private static bool AreDeterministic(IReadOnlyList<PatternNode> parts, CodePointSet follow)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (!IsDeterministic(parts[i], follow))
            {
                return false;
            }

            follow = IsEmpty(parts[i]) ? Union(FirstOf(parts[i]), follow) : FirstOf(parts[i]);
        }

        return true;
    }

    private static bool AreDeterministic(AlternativesNode alternatives, CodePointSet follow)
    {
        var seen = alternatives.Options.Any(IsEmpty) ? follow : Nothing;
        foreach (var option in alternatives.Options)
        {
            if (!AreDisjoint(FirstOf(option), seen) || !IsDeterministic(option, follow))
            {
                return false;
            }

            seen = Union(seen, FirstOf(option));
        }

        return alternatives.Options.Count(IsEmpty) <= 1;
    }

    /// <summary>Whether a part matches the empty text.</summary>
    private static bool IsEmpty(PatternNode node) => node switch
    {
        GroupNode group => IsEmpty(group.Inner),
        SequenceNode sequence => sequence.Parts.All(IsEmpty),
        AlternativesNode alternatives => alternatives.Options.Any(IsEmpty),
        RepeatNode repeat => repeat.Min == 0 || IsEmpty(repeat.Inner),
        _ => node is not SetNode,
    };

    /// <summary>The characters that a part can begin with.</summary>
    private static CodePointSet FirstOf(PatternNode node) => node switch
    {
        SetNode set => set.Set,
        GroupNode group => FirstOf(group.Inner),
        RepeatNode repeat => FirstOf(repeat.Inner),
        AlternativesNode alternatives => alternatives.Options.Select(FirstOf).Aggregate(Nothing, Union),
        SequenceNode sequence => sequence.Parts.Where((_, index) => sequence.Parts.Take(index).All(IsEmpty)).Select(FirstOf).Aggregate(Nothing, Union),
        _ => Nothing,
    };

    private static CodePointSet Union(CodePointSet left, CodePointSet right) => CodePointSet.Of(left.Ranges.Concat(right.Ranges));

    private static bool AreDisjoint(CodePointSet left, CodePointSet right) =>
        !left.Ranges.Any(range => right.Ranges.Any(other => range.First <= other.Last && other.First <= range.Last));
}

using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Places;

/// <summary>The elements of lists in headers (RFC 9110 section 5.6.1).</summary>
internal static class ListElements
{
    /// <summary>Whether a value of a type may be written with a comma in it, so that a comma can't be what separates two of them.</summary>
    public static bool CanHoldComma(ValueNode node) => node switch
    {
        TextNode or AnyNode => true,
        LiteralTextNode literal => literal.HasComma,
        UnionNode union => union.Options.Any(CanHoldComma),
        RuledNode ruled => CanHoldComma(ruled.Inner),
        _ => false,
    };
}

using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>Writes regular patterns in .NET's syntax, for the question whether a well-formed text has a match.</summary>
/// <remarks>What the two read differently is written out: classes and <c>.</c> as ranges, <c>$</c> as the very end, every character by its number.</remarks>
internal static class PatternTranslator
{
    /// <summary>The pattern for .NET; null where it is longer than a length.</summary>
    /// <param name="pattern">A pattern whose parts are all regular.</param>
    /// <param name="maxLength">Past this, .NET takes too long to prepare it.</param>
    public static string? Translate(PatternSyntax pattern, int maxLength)
    {
        var output = new StringBuilder();
        return Write(pattern.Root, pattern.IsUnicode, output, maxLength) ? output.ToString() : null;
    }

    private static bool Write(PatternNode node, bool isUnicode, StringBuilder output, int maxLength)
    {
        switch (node)
        {
            case SetNode { Set.Ranges: [var (first, last)] } when first == last && first <= char.MaxValue && !char.IsSurrogate((char)first):
                output.Append(char.IsAsciiLetterOrDigit((char)first) ? $"{(char)first}" : string.Create(CultureInfo.InvariantCulture, $"\\u{first:X4}"));
                break;
            case SetNode set:
                output.Append(set.Set.ToPattern(isUnicode));
                break;
            case AnchorNode anchor:
                output.Append(anchor.Kind == AnchorKind.Start ? "^" : "\\z");
                break;
            case GroupNode group:
                return Write(group.Inner, isUnicode, Opened(output), maxLength) && Close(output, ")");
            case RepeatNode repeat:
                return Write(repeat.Inner, isUnicode, Opened(output), maxLength) && Close(output, $"){Quantifier(repeat)}");
            case SequenceNode sequence:
                return sequence.Parts.All(part => Write(part, isUnicode, output, maxLength));
            case AlternativesNode alternatives:
                Opened(output);
                for (var i = 0; i < alternatives.Options.Count; i++)
                {
                    output.Append(i > 0 ? "|" : "");
                    if (!Write(alternatives.Options[i], isUnicode, output, maxLength))
                    {
                        return false;
                    }
                }

                return Close(output, ")");
            default:
                return false;
        }

        return output.Length <= maxLength;
    }

    private static StringBuilder Opened(StringBuilder output) => output.Append("(?:");

    private static bool Close(StringBuilder output, string closing)
    {
        output.Append(closing);
        return true;
    }

    // Whether a text matches doesn't depend on which match is found first, so nothing is lazy.
    private static string Quantifier(RepeatNode repeat) => (repeat.Min, repeat.Max) switch
    {
        (0, RepeatNode.Unbounded) => "*",
        (1, RepeatNode.Unbounded) => "+",
        (0, 1) => "?",
        (_, RepeatNode.Unbounded) => string.Create(CultureInfo.InvariantCulture, $"{{{repeat.Min},}}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{{{repeat.Min},{repeat.Max}}}"),
    };
}

using System.Text;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>A regular expression, read.</summary>
/// <param name="Root">The whole.</param>
/// <param name="GroupCount">The number of capturing groups.</param>
/// <param name="IsUnicode">Whether it is one of flag <c>u</c>: a code point is one character.</param>
internal sealed record PatternSyntax(PatternNode Root, int GroupCount, bool IsUnicode)
{
    // A pattern longer than this is no pattern that a person wrote.
    private const int LongestText = 8192;

    /// <summary>Reads a pattern: with flag <c>u</c> where it parses so, without elsewhere.</summary>
    /// <exception cref="SchemaException">It is not a regular expression, or not one that can be carried over.</exception>
    public static PatternSyntax Parse(string source)
    {
        var unicode = PatternParser.Parse(source, isUnicode: true, buildsSets: true, out var error);
        if (unicode is not null)
        {
            return unicode;
        }

        var plain = PatternParser.Parse(source, isUnicode: false, buildsSets: true, out var plainError);
        return plain ?? throw new SchemaException($"The regular expression /{source}/ can't be used: {plainError ?? error}");
    }

    /// <summary>Whether a text is a regular expression, with flag <c>u</c> or without: the format <c>regex</c>.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public static bool IsPattern(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestText)
        {
            return false;
        }

        var source = Encoding.UTF8.GetString(text);
        return PatternParser.Parse(source, isUnicode: false, buildsSets: false, out _) is not null
            || PatternParser.Parse(source, isUnicode: true, buildsSets: false, out _) is not null;
    }
}

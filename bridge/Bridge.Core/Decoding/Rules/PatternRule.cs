using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>MatchesRegexp</c>: a regular expression with JavaScript's meaning that can't hang the host.</summary>
/// <remarks>
/// Where .NET can, it runs without backtracking, in time linear in the text. Look-arounds and back-references need backtracking, and large
/// classes would take seconds to prepare otherwise: those have a time limit, and a text that takes longer is refused.
/// </remarks>
internal sealed class PatternRule(string pattern) : TextRule("matches", $"value does not match the regexp \"{pattern}\"")
{
    private const int CharactersOnStack = 256;
    private const int LongestWithoutBacktracking = 1024;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(50);

    // An application's patterns are few, and come up again for each method and type that a plan is compiled for.
    private static readonly ConcurrentDictionary<string, Regex> Prepared = new(StringComparer.Ordinal);

    private readonly Regex _regex = Prepared.GetOrAdd(pattern, Create);

    protected override bool Holds(ReadOnlySpan<byte> text)
    {
        var length = Encoding.UTF8.GetMaxCharCount(text.Length);
        if (length <= CharactersOnStack)
        {
            Span<char> characters = stackalloc char[CharactersOnStack];
            return IsMatch(characters[..Encoding.UTF8.GetChars(text, characters)]);
        }

        var rented = ArrayPool<char>.Shared.Rent(length);
        var isMatch = IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(text, rented)));
        ArrayPool<char>.Shared.Return(rented);
        return isMatch;
    }

    private static Regex Create(string pattern)
    {
        var translated = JavaScriptPattern.Translate(pattern);
        try
        {
            var isPrepared = translated.Length <= LongestWithoutBacktracking;
            return new Regex(translated, RegexOptions.CultureInvariant | (isPrepared ? RegexOptions.NonBacktracking : RegexOptions.None), TimeLimit);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant, TimeLimit);
        }
    }

    private bool IsMatch(ReadOnlySpan<char> text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}

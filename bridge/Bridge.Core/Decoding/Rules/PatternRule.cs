using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Patterns;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>MatchesRegexp</c>: a regular expression with JavaScript's meaning that can't hang the host.</summary>
/// <remarks>
/// A pattern that is regular in the strict sense runs on .NET's engine without backtracking, however its quantifiers nest and its alternatives
/// overlap. Word boundaries and large classes run on a matcher of our own, which is linear too. Look-arounds and references can't be: their
/// steps are counted, with one budget for all texts of a request.
/// </remarks>
internal sealed class PatternRule : ValueRule
{
    private const int CharactersOnStack = 256;
    private const int LongestTranslation = 1024; // .NET takes seconds to prepare classes of thousands of ranges

    // An application's patterns are few, and come up again for each method and type that a plan is compiled for.
    private static readonly ConcurrentDictionary<string, Prepared> All = new(StringComparer.Ordinal);

    private readonly string _pattern;
    private readonly Prepared _prepared;

    public PatternRule(string pattern) => (_pattern, _prepared) = (pattern, All.GetOrAdd(pattern, Prepare));

    public override RuleNeeds Needs => _prepared.Program is null ? RuleNeeds.None : RuleNeeds.Scratch;

    public override bool Holds(scoped in RuleSubject subject)
    {
        if (subject.Kind != SubjectKind.Text)
        {
            return true;
        }

        var length = Encoding.UTF8.GetMaxCharCount(subject.Text.Length);
        if (length <= CharactersOnStack)
        {
            Span<char> characters = stackalloc char[CharactersOnStack];
            return IsMatch(characters[..Encoding.UTF8.GetChars(subject.Text, characters)], subject.Scratch);
        }

        var rented = ArrayPool<char>.Shared.Rent(length);
        var isMatch = IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(subject.Text, rented)), subject.Scratch);
        ArrayPool<char>.Shared.Return(rented);
        return isMatch;
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false; // names are also tried against patterns, and most don't match: no text is made of that
        }

        var isUndecided = subject.Scratch is { PatternSteps: < 0 };
        return isUndecided
            ? cursor.Reject("matches", $"value takes too long to match the regexp \"{_pattern}\"", $"matches {_pattern}", subject)
            : cursor.Reject("matches", $"value does not match the regexp \"{_pattern}\"", $"matches {_pattern}", subject);
    }

    private static Prepared Prepare(string pattern)
    {
        var syntax = PatternSyntax.Parse(pattern);
        var translated = syntax.Root.IsRegular ? PatternTranslator.Translate(syntax, LongestTranslation) : null;
        if (translated is null)
        {
            return new Prepared(null, new PatternProgram(syntax));
        }

        // Justification: time linear in the text needs no limit, and one would refuse long texts on slow machines.
        return new Prepared(new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout), null);
    }

    private bool IsMatch(ReadOnlySpan<char> text, DecodeScratch? scratch)
    {
        if (_prepared.Program is not { } program)
        {
            return _prepared.Regex!.IsMatch(text); // Justification: one of the two is there.
        }

        var matcher = new PatternMatcher(program, text, scratch!.PatternSteps); // Justification: the rule asks for it.
        var isMatch = matcher.IsMatch();
        scratch.PatternSteps = matcher.Steps;
        return isMatch && matcher.Steps >= 0;
    }

    /// <summary>What runs a pattern.</summary>
    private sealed record Prepared(Regex? Regex, PatternProgram? Program);
}

using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Decoding;

/// <summary>A regular expression means to the decoder what it means to V8: same patterns refused, same texts matched.</summary>
public sealed class PatternDifferentialTests
{
    private const int Patterns = 1500;

    private const string Undecided = "undecided"; // the budget for backtracking was used up: V8 knows none

    private const string Verdicts = """
        globalThis.verdicts = (source, subjects) => {
          let expression;
          try { expression = new RegExp(source, "u"); } catch { try { expression = new RegExp(source); } catch { return "invalid"; } }
          return JSON.parse(subjects).map((subject) => (expression.test(subject) ? "1" : "0")).join("");
        };
        """;

    private static readonly string[] Known =
    [
        "^[a-z]+$", "^(?:a|ab)(?:c|bcd)(?:d*)$", "(a*)*", "(a*)+$", "(?:a?)*?b", "(z)((a+)?(b+)?(c))*", "^(?=(a+))a*b\\1$", "(?=(a+))", "(?!(a)b)\\1a", "(?<=(\\d+)(\\d+))$",
        "(?<=\\1(a))b", "(?<a>a)|(?<a>b)\\k<a>", "(?:(?<x>a)|b)*\\k<x>$", "^(a)?(?:\\1b)*$", "(a\\1)", "\\1(a)", "(?:(a)|b)*\\1$", "[^]", "[]", "[^a]$", ".", "^.$", "^..$", "$^", "a||b",
        "\\b", "\\B", "\\ba", "é\\b", "[\\b]", "\\0", "\\01", "[\\01]", "\\8", "\\c", "\\cA", "[\\c]", "[\\c1]", "[\\c_]", "\\x4", "\\x41", "\\u41", "\\u0041", "\\u{41}", "\\ud83d\\ude00", "\\ud83d",
        "[\\ud83d\\ude00]", "[😀-😂]", "[^😀]", "😀{2}", "^[^x]$", "^\\W$", "^\\S$", "^\\D\\D$", "\\p{L}", "\\P{L}", "\\p{Lu}", "[\\p{L}\\d]", "[^\\p{L}]", "\\p{Script=Greek}", "\\p{scx=Grek}", "\\p{Emoji}",
        "\\p{Nonsense}", "\\p{ASCII}", "\\p{Any}", "\\p{General_Category=Uppercase_Letter}", "{", "}", "]", "a{", "a{1", "a{1,", "a{,1}", "a{1}{2}", "a{2,1}", "a{0}", "a{0,0}b", "{1}", "(?=a)*", "(?=a){2}a", "(?<=a)*",
        "(?:a", "a)", "[a", "[b-a]", "[a-\\d]", "[\\d-a]", "[\\w-]", "[--a]", "[a--]", "\\k", "\\k<a>", "\\k<a>(?<a>b)", "(?<a>b)\\k", "(?<a", "(?<1>a)", "(?<$>a)", "(?<a>.)(?<a>.)", "(?<𝒜>.)", "(?<\\u{61}>.)\\k<a>",
        "a**", "a+?", "a??", "a{1,2}?", "*", "+a", "?", "|", "(?)", "(?a)", "(?s:.)", "(?-s:.)", "(?m:^a$)", "(?m-s:^.$)", "(?ss:.)", "(?-:a)", "\\-", "\\_", "\\a", "\\/", "[\\-]", "\\ ", " ", "#", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10", "\\10",
        "(?<!a)b", "(?<!^)a", "(?<=^|,)a", "(?<=a(?=b))b", "(?=a(?<=a))", "(?!)", "(?:)", "()", "(?:a{2}){2}", "^(?:a|b|c)*?$", "(?:(?=(\\w))\\1)+$", "(?<=([ab]+)([bc]+))$", "(?:a|(?:b|(?:c|d)))+$", "\\s", "^\\s+$", "[\\s\\S]", "\\r\\n?|\\n",
    ];

    private static readonly string[] Atoms =
    [
        "a", "b", "c", ".", "\\w", "\\d", "\\s", "\\W", "[ab]", "[^a]", "[a-c]", "\\b", "\\B", "^", "$", "😀", "é", "\\u{1F600}", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "\\1", "\\2", "[^\\w]", "\\n", "-", "(?:)", "\\p{L}", "[\\p{Lu}b]", "\\k<n>",
    ];

    private static readonly string[] Subjects =
    [
        "", "a", "b", "ab", "ba", "aa", "aab", "abb", "abc", "aba", "abab", "a b", "a-b", "A", "é", "😀", "😀😀", "a😀b", "\n", "a\nb", "\r\n", "\u2028", "1", "a1", "_", "cab", "abcabc", " ", "\0", "zaacbbbcac",
    ];

    [Fact]
    public Task Matches_KnownPatterns_AgreeWithV8() => CompareAsync(Known);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Matches_RandomPatterns_AgreeWithV8(int seed)
    {
        var random = new Random(seed);
        return CompareAsync([.. Enumerable.Range(0, Patterns).Select(_ => Pattern(random, depth: 3))]);
    }

    [Fact]
    public Task Matches_RandomText_IsAPatternWhereItIsOneToV8()
    {
        const string Alphabet = "ab(){}[]|*+?.^$\\-,:<>=!0123kudwpPsbBx";
        var random = new Random(3);
        return CompareAsync([.. Enumerable.Range(0, Patterns * 2).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])))]);
    }

    private static string Pattern(Random random, int depth)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part(random, depth));
        return string.Concat(parts);
    }

    private static string Part(Random random, int depth)
    {
        var atom = depth == 0 || random.Next(3) == 0 ? Atoms[random.Next(Atoms.Length)] : random.Next(8) switch
        {
            0 => $"({Pattern(random, depth - 1)})",
            1 => $"(?:{Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
            2 => $"(?={Pattern(random, depth - 1)})",
            3 => $"(?!{Pattern(random, depth - 1)})",
            4 => $"(?<={Pattern(random, depth - 1)})",
            5 => $"(?<!{Pattern(random, depth - 1)})",
            6 => $"(?<n>{Pattern(random, depth - 1)})",
            _ => $"({Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
        };
        return atom + random.Next(9) switch { 0 => "*", 1 => "+", 2 => "?", 3 => "*?", 4 => "{2}", 5 => "{0,2}", _ => "" };
    }

    private static async Task CompareAsync(string[] patterns)
    {
        var expected = new List<string>();
        await EngineThread.RunAsync(new V8EngineFactory(), engine =>
        {
            engine.Execute(new ScriptSource("verdicts.js", Verdicts));
            using var verdicts = engine.GetFunction("verdicts");
            var subjects = ScriptValue.From(JsonSerializer.Serialize(Subjects));
            expected.AddRange(patterns.Select(pattern => verdicts.Invoke(ScriptValue.From(pattern), subjects).AsText()));
        });

        // V8 looks for \B inside a surrogate pair, where ECMA-262 lets no match with flag u begin.
        var differences = patterns.Zip(expected, (pattern, verdict) => (Pattern: pattern, V8: verdict, Ours: Decide(pattern)))
            .Where(found => found.V8 != found.Ours && found.Ours != Undecided && found.Pattern != "\\B")
            .Select(found => $"/{found.Pattern}/\n  V8   {found.V8}\n  ours {found.Ours}").ToList();

        Assert.True(differences.Count == 0, $"{differences.Count} of {patterns.Length} differ:\n{string.Join('\n', differences.Take(20))}");
        Assert.Contains(expected, verdict => verdict == "invalid" || verdict.Contains('1', StringComparison.Ordinal));
    }

    private static string Decide(string pattern)
    {
        var application = new Application { FormatVersion = 1, Name = "test" };
        application.Types_.Add(new TypeSchema { Primitive = Primitive.String, Rule = new Rule { Matches = pattern } });
        application.Types_.Add(new TypeSchema { Array = new ArrayShape { Element = 0 } });
        RequestPlan plan;
        try
        {
            plan = RequestPlan.Compile(application, new EndpointSchema { Name = "call", Request = 1 }, "POST");
        }
        catch (SchemaException)
        {
            return "invalid";
        }

        using var output = new PooledBuffer();
        var failure = plan.Decode(new RequestParts { Body = JsonSerializer.SerializeToUtf8Bytes(Subjects) }, output);
        if (failure is not null && failure.Violations.Any(violation => violation.Message.Contains("takes too long", StringComparison.Ordinal)))
        {
            return Undecided;
        }

        var refused = failure?.Violations.Select(violation => int.Parse(violation.Path[1..], System.Globalization.CultureInfo.InvariantCulture)).ToHashSet() ?? [];
        return new StringBuilder().AppendJoin("", Subjects.Select((_, index) => refused.Contains(index) ? '0' : '1')).ToString();
    }
}

using Bridge.Core.Schema;
using Jint;
using Xunit;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Patterns mean what they mean in JavaScript: what must match and what must not was worked out with an engine's own expressions.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData("^[a-z]+$", "abc", "abc\n", "ABC", "")]
    [InlineData("abc", "xabcx", "xabx")]
    [InlineData("^\\d+$", "123", "١٢٣", "12a")]
    [InlineData("^\\w+$", "aZ_9", "é", "a-b")]
    [InlineData("^\\s$", "\u00a0", "\ufeff", "\u2003", "\u0085", "x")]
    [InlineData("^\\S+$", "x\u0085", "a b")]
    [InlineData("^.$", "x", "😀", "\n", "\r", "\u2028", "\u0085", "xy")]
    [InlineData("^..$", "xy", "😀", "😀😀")]
    [InlineData("\\bfoo\\b", "a foo b", "éfooé", "afoo", "foo_")]
    [InlineData("\\Bx", "ax", "x", "éx")]
    [InlineData("^[^]$", "x", "\n", "")]
    [InlineData("^[]$", "", "x")]
    [InlineData("a$", "ba", "a\n", "ab")]
    [InlineData("^(?:a|b){2,3}$", "ab", "aba", "a", "abab")]
    [InlineData("^a{2}$", "aa", "aaa")]
    [InlineData("^a{2,}?$", "aaa", "a")]
    [InlineData("^(a)?b\\1$", "b", "aba", "ab")]
    [InlineData("^(?<x>a|b)\\k<x>$", "aa", "bb", "ab")]
    [InlineData("^(?<y>.)(.)\\2\\1$", "abba", "abab")]
    [InlineData("^(?!foo)\\w+$", "bar", "foobar")]
    [InlineData("(?<=\\$)\\d+", "$5", "5")]
    [InlineData("(?<!\\$)\\b\\d+", "5", "$5")]
    [InlineData("^[a-z-[b]]$", "a]", "a", "b]")]
    [InlineData("^[\\w.-]+@[\\w-]+\\.\\w{2,}$", "a.b-c@x-y.de", "a@b.c", "é@x.de")]
    [InlineData("^\\u0041\\x42\\103$", "ABC", "ABc")]
    [InlineData("^\\u{1F600}+$", "😀😀", "😀x", "x")]
    [InlineData("^[\\u{1F600}-\\u{1F64F}]$", "😀", "😁", "🚀", "x")]
    [InlineData("^[^\\u{1F600}]$", "🚀", "x", "😀")]
    [InlineData("^[😀-😂x]{2}$", "😀x", "😁😂", "😃x")]
    [InlineData("^\\p{L}+$", "aé漢𝒳", "a1", "")]
    [InlineData("^\\P{L}$", "1", "😀", "a")]
    [InlineData("^\\p{Lu}\\p{Ll}+$", "Ab", "Éé", "aB")]
    [InlineData("^[\\p{L}\\d]+$", "é5", "é-")]
    [InlineData("^\\/a\\.b\\-$", "/a.b-", "/axb-")]
    [InlineData("^a{,3}$", "a{,3}", "aa")]
    [InlineData("^a{x$", "a{x", "a")]
    [InlineData("^]$", "]", "")]
    [InlineData("^\\cJ$", "\n", "J")]
    [InlineData("^[\\b]$", "\b", "b")]
    [InlineData("^\\0$", "\0", "0")]
    [InlineData("^\\-$", "-", "\\-")]
    [InlineData("(?=.*\\d)(?=.*[a-z]).{4,}", "abc1", "abcd", "a1")]
    [InlineData("^[0-9A-F]{8}-[0-9A-F]{4}$", "0123ABCD-00FF", "0123abcd-00FF")]
    [InlineData("^#$", "#", "x")]
    [InlineData("^ a b $", " a b ", "ab")]
    [InlineData("^[\\]\\[\\\\^-]+$", "[]\\^-", "a")]
    [InlineData("^\\^\\$$", "^$", "")]
    [InlineData("^(|a)$", "", "a", "b")]
    [InlineData("\\w\\b.", "a!", "ab")]
    public void Decode_Pattern_MeansWhatItMeansInJavaScript(string pattern, params string[] texts)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Matches = pattern }));
        foreach (var text in texts)
        {
            var json = System.Text.Json.JsonSerializer.Serialize(text);
            var isMatch = harness.Decode($"{{\"v\":{json}}}").Failure is null;
            Assert.True(isMatch == IsMatchInJavaScript(pattern, text), $"/{pattern}/ on {json}: {isMatch}");
        }
    }

    private static bool IsMatchInJavaScript(string pattern, string text)
    {
        using var engine = new Engine();
        engine.SetValue("pattern", pattern);
        engine.SetValue("text", text);
        return engine.Evaluate("let r; try { r = new RegExp(pattern, 'u') } catch { r = new RegExp(pattern) } r.test(text)").AsBoolean();
    }
}

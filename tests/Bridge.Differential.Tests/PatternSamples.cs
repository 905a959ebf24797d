using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>Texts that fit a pattern or format, and texts that nearly do.</summary>
/// <param name="Fitting">Texts that fit.</param>
/// <param name="Near">Texts that don't.</param>
internal sealed record TextSamples(string[] Fitting, string[] Near);

/// <summary>Patterns and formats to draw from.</summary>
internal static class PatternSamples
{
    /// <summary>Regular expressions, some of which need JavaScript's reading.</summary>
    public static IReadOnlyDictionary<string, TextSamples> Patterns { get; } = new Dictionary<string, TextSamples>(StringComparer.Ordinal)
    {
        ["^\\d+$"] = new(["0", "123", "0099"], ["", "12a", " 1", "1\n", "١"]),
        ["^[a-z]{2,4}$"] = new(["ab", "abcd"], ["a", "abcde", "AB", "ab1"]),
        ["a.c"] = new(["abc", "xxa-cxx", "aéc"], ["ac", "a\nc", "a\u2028c"]),
        ["^(?:foo|bar)-\\w+$"] = new(["foo-1", "bar-a_b"], ["foo-", "baz-1", "foo-é"]),
        ["^\\p{Lu}"] = new(["A", "Éa", "Ω"], ["a", "1", ""]),
        ["^\\S+$"] = new(["ab", "é-1"], ["a b", "", "a\u00a0b", "\ufeff"]),
        ["\\bword\\b"] = new(["a word here", "word"], ["words", "aword", "éword_"]),
        ["^(a+)-\\1$"] = new(["a-a", "aaa-aaa"], ["aa-a", "a-b", "-"]),
        ["(?<=x)y"] = new(["xy", "aaxyb"], ["y", "ay", "yx"]),
        ["^(?!no)"] = new(["", "yes", "n"], ["no", "nope"]),
        ["^[\\w.-]+#x$"] = new(["a.b-c#x", "_#x"], ["#x", "é#x", "a#xx"]),
        ["^a\\-b\\_c$"] = new(["a-b_c"], ["a\\-b_c", "ab_c"]),
        ["^a{,3}$"] = new(["a{,3}"], ["a", "aaa", ""]),
        ["^[^\\d\\-]*$"] = new(["", "ab", "é"], ["a1", "-"]),
        ["^(?:a|)(?:b|c)?$"] = new(["", "a", "ab", "c"], ["abc", "ba"]),
        ["]}"] = new(["]}", "a]}"], ["]", "}]"]),
        ["^\\u00e9\\x41$"] = new(["éA"], ["eA", "éa"]),
        ["^[\\s\\S]{3}$"] = new(["abc", "a\nb"], ["ab", "abcd"]),
    };

    /// <summary>
    /// Formats by samples on which implementations agree: where the specifications leave room, validators differ among themselves.
    /// </summary>
    public static IReadOnlyDictionary<Format, TextSamples> Formats { get; } = new Dictionary<Format, TextSamples>
    {
        [Format.Email] = new(["a@example.com", "first.last+tag@sub.example.org"], ["", "a", "a@", "@example.com", "a b@example.com", "a@b@c.com"]),
        [Format.Url] = new(["https://example.com", "http://a.b/c?d=e#f", "mailto:a@b.c"], ["", "example", "//example.com", "/a", "http//x"]),
        [Format.Uuid] = new(["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"], ["", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400", "g23e4567-e89b-12d3-a456-426614174000"]),
        [Format.Ip] = new(["127.0.0.1", "::1", "2001:db8::8a2e:370:7334", "255.255.255.255"], ["", "256.0.0.1", "1.2.3", ":::", "12345::", "localhost"]),
        [Format.Ipv4] = new(["127.0.0.1", "0.0.0.0"], ["::1", "1.2.3.4.5", "1.2.3.256", "a.b.c.d"]),
        [Format.Ipv6] = new(["::", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"], ["1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "127.0.0.1", "::g"]),
        [Format.Date] = new(["2024-02-29", "1999-12-31"], ["2023-02-29", "2024-13-01", "2024-1-1", "20240101", ""]),
        [Format.Time] = new(["12:34:56Z", "23:59:59.123+01:00", "00:00:00-23:59"], ["12:34Z", "24:00:00Z", "12:60:00Z", "12:34:56", ""]),
        [Format.DateTime] = new(["2024-02-29T12:34:56Z", "1999-12-31T23:59:59.5-08:00"], ["2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00", "12:34:56Z"]),
        [Format.Duration] = new(["P1D", "PT15M", "P1Y2M3DT4H5M6S", "P2W"], ["", "P", "1D", "PT", "P1", "P1DT"]),
        [Format.Hostname] = new(["example.com", "a-b.c1", "localhost"], ["", "-a.com", "a_b.com", "a..b", "a b"]),
        [Format.Uri] = new(["https://example.com/a?b#c", "urn:isbn:0451450523", "mailto:a@b.c"], ["", "/relative", "example.com", "http://exa mple.com", "\\\\server"]),
        [Format.Base64] = new(["", "YQ==", "YWI=", "YWJj", "+/+/"], ["YQ", "YQ=", "Y", "YW Jj", "-_-_", "YWJj=", "===="]),
        [Format.JsonPointer] = new(["", "/", "/a/b", "/a~0b/~1"], ["a", "/a~", "/~2", "#/a"]),
        [Format.Regex] = new(["^a+$", "[a-z]", "(?<n>x)"], ["[", "(", "a**", "(?<n"]),
    };
}

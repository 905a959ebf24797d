using Bridge.Core.Schema;
using Xunit;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Formats by the grammars of their standards.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(Format.Uuid, "uuid", "00000000-0000-0000-0000-000000000000", "F81D4fae-7dec-11d0-a765-00a0c91e6bf6")]
    [InlineData(Format.Ipv4, "ipv4", "0.0.0.0", "255.255.255.255", "192.168.1.10")]
    [InlineData(Format.Ipv6, "ipv6", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "fe80::0202:B3FF:fe1e:8329", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1::8")]
    [InlineData(Format.Ip, "ip", "1.2.3.4", "::1")]
    [InlineData(Format.Date, "date", "2024-02-29", "0000-01-01", "9999-12-31")]
    [InlineData(Format.Time, "time", "00:00:00Z", "23:59:59.999+23:59", "12:00:00.1234567890123z", "23:59:60Z", "15:59:60-08:00")]
    [InlineData(Format.DateTime, "dateTime", "2024-02-29T12:00:00Z", "1985-04-12t23:20:50.52z", "1990-12-31T15:59:60-08:00")]
    [InlineData(Format.Duration, "duration", "P1Y2M3DT4H5M6S", "P4W", "PT0S", "P1D", "PT36H", "P1DT12H", "P1Y2M", "PT4H5M")]
    [InlineData(Format.Hostname, "hostname", "a", "example.com", "1.2", "xn--nxasmq6b.x", "a-b.C-9")]
    [InlineData(Format.Uri, "uri", "http://example.com", "a:", "urn:isbn:0451450523", "mailto:a@b.c", "http://u:p@[::1]:80/a%20b?q=/?#f", "http://[v1.x:y]/", "file:///a", "http://", "ldap://[2001:db8::7]/c=GB?objectClass?one")]
    [InlineData(Format.Base64, "base64", "", "AA==", "AAA=", "AAAA", "+/+/")]
    [InlineData(Format.JsonPointer, "jsonPointer", "", "/", "/a/b~0c~1d", "/é//")]
    [InlineData(Format.Regex, "regex", "", "^a+$", "(?<x>a)\\k<x>", "\\p{Lu}", "[a-\\d]", "a{,3}", "(?<=a)b", "\\-")]
    [InlineData(Format.Email, "email", "a@b", "a@[127.0.0.1]", "a@[IPv6:::1]")]
    [InlineData(Format.Url, "url", "https://example.com/x", "http://[::1]/")]
    public void Decode_Format_TakesWhatItsGrammarDoes(Format format, string rule, params string[] texts)
    {
        Assert.NotEmpty(rule);
        foreach (var text in texts)
        {
            Assert.True(Decode(format, text) is null, text);
        }
    }

    [Theory]
    [InlineData(Format.Uuid, "uuid", "", "00000000000000000000000000000000", "{00000000-0000-0000-0000-000000000000}", "0000000-00000-0000-0000-000000000000", "g0000000-0000-0000-0000-000000000000", "urn:uuid:00000000-0000-0000-0000-000000000000")]
    [InlineData(Format.Ipv4, "ipv4", "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "1..2.3", "١.2.3.4")]
    [InlineData(Format.Ipv6, "ipv6", "", ":", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "fe80::1%eth0", ":::", "1:2:3:4:5:6:7::8", "::01.2.3.4")]
    [InlineData(Format.Ip, "ip", "x", "1.2.3")]
    [InlineData(Format.Date, "date", "", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "24-01-01", "2024-1-1", "2024-01-01T00:00:00Z", "2024/01/01")]
    [InlineData(Format.Time, "time", "", "00:00:00", "24:00:00Z", "12:60:00Z", "12:00:61Z", "12:00:00.Z", "12:00:00+24:00", "12:00Z", "22:59:60Z", "12:00:00+0100")]
    [InlineData(Format.DateTime, "dateTime", "", "2024-02-29 12:00:00Z", "2024-02-29T12:00:00", "2023-02-29T12:00:00Z", "2024-02-29")]
    [InlineData(Format.Duration, "duration", "", "P", "PT", "P1", "1D", "P1S", "PT1D", "P1YT", "P2D1Y", "P1W1D", "P1Y1D", "PT1H1S", "P1.5D", "-P1D", "P1D ")]
    [InlineData(Format.Hostname, "hostname", "", ".", "a.", ".a", "-a", "a-", "a_b", "a..b", "é.de", "0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData(Format.Uri, "uri", "", "/a", "example.com", "1a:b", "a b:c", "http://a b", "http://a/%2", "http://a/%zz", "http://é", "http://[::1", "http://[x]/", "http://a:b/", "http://a/#a#b", "http://a/[", "a:\\")]
    [InlineData(Format.Base64, "base64", "A", "AA", "AAA", "A===", "====", "AA=A", "AA-_", "AA==\n")]
    [InlineData(Format.JsonPointer, "jsonPointer", "a", "/~", "/~2", "#/a", "/a~")]
    [InlineData(Format.Regex, "regex", "(", ")", "[", "a**", "(?<x", "a{2,1}", "*", "\\", "(?<a>.)(?<a>.)", "[b-a]", "(?x)", "\\k<a>(?<b>.)")]
    [InlineData(Format.Email, "email", "a", "a@[256.0.0.1]", "a@[0x7f.0.0.1]")]
    public void Decode_Format_RefusesTheRest(Format format, string rule, params string[] texts)
    {
        foreach (var text in texts)
        {
            Assert.True(rule == Decode(format, text), text);
        }
    }

    [Fact]
    public void Decode_HostileExpression_IsReadInTime()
    {
        foreach (var text in new[] { new string('(', 8000), new string('[', 8000), "(?<a>" + new string('|', 8000), new string('\\', 8000), string.Concat(Enumerable.Repeat("\\p{L}", 1600)) })
        {
            Decode(Format.Regex, text);
        }
    }

    private static string? Decode(Format format, string text) => DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Is = format }))
        .Decode($"{{\"v\":{System.Text.Json.JsonSerializer.Serialize(text)}}}").Failure?.Violations[0].Rule;
}

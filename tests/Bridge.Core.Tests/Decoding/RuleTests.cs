using System.Diagnostics;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class RuleTests
{
    [Theory]
    [InlineData(3, "3", null)]
    [InlineData(3, "3.0001", null)]
    [InlineData(3, "2", "value must be at least 3 (got 2)")]
    [InlineData(3, "-1e9", "value must be at least 3 (got -1e9)")]
    [InlineData(0.5, "0.4", "value must be at least 0.5 (got 0.4)")]
    [InlineData(0.5, "0.5", null)]
    public void Decode_Min_HoldsForFractionsToo(double bound, string json, string? message) =>
        Check(Text: false, new Rule { Min = bound }, json, "min", message);

    [Theory]
    [InlineData(3, "3", null)]
    [InlineData(3, "4", "value must be at most 3 (got 4)")]
    [InlineData(2.5, "2.6", "value must be at most 2.5 (got 2.6)")]
    public void Decode_Max_HoldsForFractionsToo(double bound, string json, string? message) =>
        Check(Text: false, new Rule { Max = bound }, json, "max", message);

    [Theory]
    [InlineData("\"abc\"", null)]
    [InlineData("\"ab\"", "length too short (got 2, expected at least 3)")]
    [InlineData("\"é😀\"", null)]
    [InlineData("\"😀\"", "length too short (got 2, expected at least 3)")]
    [InlineData("\"\\u0061\\n\\ud83d\\ude00\"", null)]
    [InlineData("\"\\u0061\\n\"", "length too short (got 2, expected at least 3)")]
    public void Decode_MinLength_CountsUtf16Units(string json, string? message) =>
        Check(Text: true, new Rule { MinLength = 3 }, json, "minLength", message);

    [Theory]
    [InlineData("\"ééé\"", null)]
    [InlineData("\"abcd\"", "length too long (got 4, expected at most 3)")]
    [InlineData("\"😀😀\"", "length too long (got 4, expected at most 3)")]
    public void Decode_MaxLength_CountsUtf16Units(string json, string? message) =>
        Check(Text: true, new Rule { MaxLength = 3 }, json, "maxLength", message);

    [Theory]
    [InlineData("[1,2]", null)]
    [InlineData("[1]", "length too short (got 1, expected at least 2)")]
    [InlineData("[[1,2,3]]", "length too short (got 1, expected at least 2)")]
    [InlineData("[]", "length too short (got 0, expected at least 2)")]
    public void Decode_MinLengthOfAnArray_CountsElements(string json, string? message)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.ArrayOf(schema.Any), new Rule { MinLength = 2 }));
        Verify(harness, json, "minLength", message);
    }

    [Theory]
    [InlineData("\"9.99\"", "value must be at least 10.5 (got 9.99)")]
    [InlineData("9.99", "value must be at least 10.5 (got 9.99)")]
    [InlineData("\"10.50\"", null)]
    [InlineData("\"1e3\"", null)]
    public void Decode_MinOfADecimal_ComparesNumbers(string json, string? message)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Decimal, new Rule { Min = 10.5 }));

        Assert.Equal(message, harness.Decode($"{{\"v\":{json}}}").Failure?.Violations[0].Message);
    }

    [Fact]
    public void Decode_MaxOfABigInt_ComparesNumbers()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.BigInt, new Rule { Max = 5 }));

        Assert.Equal("\"5\"", harness.Accept("\"5\""));
        Assert.Equal("max", harness.Reject("\"6\"").Rule);
        Assert.Equal("max", harness.Reject("6").Rule);
    }

    [Fact]
    public void Decode_RulesOnElements_NameEach()
    {
        var harness = DecodeHarness.Value(schema => schema.ArrayOf(schema.Ruled(schema.Text, new Rule { MaxLength = 1 })));

        var failure = harness.RejectBody("""{"v":["a","bb","c","dd"]}""");

        Assert.Equal("unable to decode request body: v[1]: length too long (got 2, expected at most 1)", failure.Message);
        Assert.Equal(["/v/1", "/v/3"], failure.Violations.Select(violation => violation.Path));
    }

    [Theory]
    [InlineData("\"https://x\"", null)]
    [InlineData("\"\\u0068ttps://x\"", null)]
    [InlineData("\"http://x\"", "value does not start with \"https://\"")]
    [InlineData("\"\"", "value does not start with \"https://\"")]
    public void Decode_StartsWith_ComparesText(string json, string? message) =>
        Check(Text: true, new Rule { StartsWith = "https://" }, json, "startsWith", message);

    [Theory]
    [InlineData("\"a.é\"", null)]
    [InlineData("\"a.e\"", "value does not end with \".é\"")]
    public void Decode_EndsWith_ComparesText(string json, string? message) =>
        Check(Text: true, new Rule { EndsWith = ".é" }, json, "endsWith", message);

    [Fact]
    public void Decode_AllRules_ReportEachBrokenOne()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(
            schema.Text, new Rule { MinLength = 5 }, new Rule { StartsWith = "x" }, new Rule { MaxLength = 10 }));

        var failure = harness.RejectBody("""{"v":"abc"}""");

        Assert.Equal(["minLength", "startsWith"], failure.Violations.Select(violation => violation.Rule));
        Assert.Equal("\"xabcd\"", harness.Accept("\"xabcd\""));
    }

    [Fact]
    public void Decode_AnyRule_NeedsOne()
    {
        var rule = AnyOf(All(new Rule { MinLength = 3 }, new Rule { MaxLength = 4 }), new Rule { StartsWith = "!" });

        Check(Text: true, rule, "\"abc\"", "", null);
        Check(Text: true, rule, "\"!\"", "", null);
        Check(Text: true, rule, "\"a\"", "minLength", "length too short (got 1, expected at least 3)");
    }

    [Fact]
    public void Decode_WrongType_IsNotHeldToRules()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { MinLength = 5 }));

        Assert.Equal("type", harness.Reject("1").Rule);
    }

    [Theory]
    [InlineData("a@b.c")]
    [InlineData("simple@example.com")]
    [InlineData("very.common+tag@sub.example.co.uk")]
    [InlineData("x@localhost")]
    [InlineData("\\\"quoted local\\\"@example.com")]
    [InlineData("user@[127.0.0.1]")]
    [InlineData("user@[IPv6:::1]")]
    [InlineData("用户@例子.广告")]
    [InlineData("o'brien!#$%&*/=?^_`{|}~-@example.com")]
    public void Decode_Email_IsAccepted(string text) => Check(Text: true, new Rule { Is = Format.Email }, $"\"{text}\"", "", null);

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a@b@c")]
    [InlineData("a b@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@example..com")]
    [InlineData("a@.com")]
    [InlineData("a@com.")]
    [InlineData("a@-example.com")]
    [InlineData("a@exa mple.com")]
    [InlineData("a@exam_ple.com")]
    [InlineData("Name <a@example.com>")]
    [InlineData("a@[300.0.0.1]")]
    [InlineData("a@[1.2.3]")]
    [InlineData("a\\u0000@example.com")]
    [InlineData("\\\"a@example.com")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345@example.com")]
    public void Decode_NoEmail_IsRefused(string text) =>
        Check(Text: true, new Rule { Is = Format.Email }, $"\"{text}\"", "email", "value is not an email");

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("http://localhost:4000/a?b=c#d")]
    [InlineData("HTTP://USER:pass@EXAMPLE.com:80/")]
    [InlineData("https:example.com")]
    [InlineData("https:///example.com")]
    [InlineData("https:\\\\\\\\example.com\\\\a")]
    [InlineData("http://[::1]:80/")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://münchen.de")]
    [InlineData("http://ex%61mple.com")]
    [InlineData("ws://x")]
    [InlineData("mailto:a@b")]
    [InlineData("data:text/plain,hello world")]
    [InlineData("foo:")]
    [InlineData("foo://")]
    [InlineData("foo:/a b")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:c:/x")]
    [InlineData(" https://example.com ")]
    [InlineData("https://exa\\nmple.com")]
    [InlineData("https://example.com:")]
    [InlineData("https://a@b@c/")]
    public void Decode_Url_IsAccepted(string text) => Check(Text: true, new Rule { Is = Format.Url }, $"\"{text}\"", "", null);

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("/path")]
    [InlineData("//example.com")]
    [InlineData("https://")]
    [InlineData("https:///")]
    [InlineData("http://user@/x")]
    [InlineData("http://:80")]
    [InlineData("http://a:99999")]
    [InlineData("http://a:8x")]
    [InlineData("http://a b/")]
    [InlineData("http://a%20b/")]
    [InlineData("http://a<b")]
    [InlineData("http://[::1")]
    [InlineData("http://[x]")]
    [InlineData("http://1.2.3.256")]
    [InlineData("http://1.2.3.4.5")]
    [InlineData("1http://x")]
    [InlineData("foo://a b/")]
    public void Decode_NoUrl_IsRefused(string text) =>
        Check(Text: true, new Rule { Is = Format.Url }, $"\"{text}\"", "url", "value is not a url");

    [Fact]
    public void Decode_PatternOnLongText_IsLinear()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Matches = "^(a+)+$" }));
        var watch = Stopwatch.StartNew();

        Assert.Equal("matches", harness.Reject($"\"{new string('a', 50_000)}b\"").Rule);
        Assert.NotNull(harness.Accept($"\"{new string('a', 50_000)}\""));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Decode_PatternThatMustBacktrack_HasATimeLimit()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Matches = @"^(?=(a+)+$)\w+\b" }));
        var watch = Stopwatch.StartNew();

        Assert.Equal("matches", harness.Reject($"\"{new string('a', 50)}b\"").Rule);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Compile_BrokenPattern_NamesIt()
    {
        var exception = Assert.Throws<Bridge.Core.Decoding.SchemaException>(
            () => DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Matches = "a(" })));

        Assert.Contains("/a(/", exception.Message, StringComparison.Ordinal);
    }

    private static void Check(bool Text, Rule rule, string json, string name, string? message) =>
        Verify(DecodeHarness.Value(schema => schema.Ruled(Text ? schema.Text : schema.Number, rule)), json, name, message);

    private static void Verify(DecodeHarness harness, string json, string name, string? message)
    {
        if (message is null)
        {
            Assert.Equal(json, harness.Accept(json));
            return;
        }

        var violation = harness.Reject(json);
        Assert.Equal(message, violation.Message);
        Assert.Equal(name, violation.Rule);
        Assert.Equal("/v", violation.Path);
    }
}

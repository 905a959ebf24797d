using Xunit;

namespace Bridge.Core.Tests.Decoding;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("\"5\"", "invalid type: string \"5\", expected a number")]
    [InlineData("true", "invalid type: boolean `true`, expected a number")]
    [InlineData("null", "invalid type: null, expected a number")]
    [InlineData("[1]", "invalid type: sequence, expected a number")]
    [InlineData("{}", "invalid type: map, expected a number")]
    public void Decode_NotANumber_IsRefusedWithoutCoercion(string json, string message) =>
        Assert.Equal(message, DecodeHarness.Value(schema => schema.Number).Reject(json).Message);

    [Theory]
    [InlineData("1", "invalid type: integer `1`, expected a string")]
    [InlineData("1.5", "invalid type: floating point `1.5`, expected a string")]
    [InlineData("false", "invalid type: boolean `false`, expected a string")]
    public void Decode_NotAString_IsRefused(string json, string message) =>
        Assert.Equal(message, DecodeHarness.Value(schema => schema.Text).Reject(json).Message);

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    [InlineData("0")]
    public void Decode_NotABoolean_IsRefused(string json) =>
        Assert.Equal("type", DecodeHarness.Value(schema => schema.Boolean).Reject(json).Rule);

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01t00:00:00z", 0)]
    [InlineData("1970-01-01 00:00:00Z", 0)]
    [InlineData("2024-02-29T12:30:45.678Z", 1709209845678)]
    [InlineData("2024-02-29T12:30:45.6789999Z", 1709209845678)]
    [InlineData("2024-02-29T12:30:45.6Z", 1709209845600)]
    [InlineData("2024-02-29T12:30:45+02:00", 1709202645000)]
    [InlineData("2024-02-29T12:30:45-23:59", 1709296185000)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("0000-01-01T00:00:00Z", -62167219200000)]
    [InlineData("0000-02-29T00:00:00Z", -62162121600000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253402300799999)]
    [InlineData("1900-02-28T00:00:00Z", -2203977600000)]
    [InlineData("2000-02-29T00:00:00Z", 951782400000)]
    [InlineData("2016-12-31T23:59:60Z", 1483228800000)]
    [InlineData("2017-01-01T01:59:60+02:00", 1483228800000)]
    public void Decode_Date_BecomesMilliseconds(string text, long milliseconds) =>
        Assert.Equal($"{milliseconds}", DecodeHarness.Value(schema => schema.Date).Accept($"\"{text}\""));

    [Theory]
    [InlineData("")]
    [InlineData("2024-01-01")]
    [InlineData("2024-01-01T00:00:00")]
    [InlineData("2024-01-01T00:00Z")]
    [InlineData("2024-02-30T00:00:00Z")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("1900-02-29T00:00:00Z")]
    [InlineData("2024-13-01T00:00:00Z")]
    [InlineData("2024-00-01T00:00:00Z")]
    [InlineData("2024-01-00T00:00:00Z")]
    [InlineData("2024-04-31T00:00:00Z")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T00:60:00Z")]
    [InlineData("2024-01-01T00:00:61Z")]
    [InlineData("2024-01-01T00:00:60Z")]
    [InlineData("2024-01-01T00:00:00.Z")]
    [InlineData("2024-01-01T00:00:00.5")]
    [InlineData("2024-01-01T00:00:00+2:00")]
    [InlineData("2024-01-01T00:00:00+0200")]
    [InlineData("2024-01-01T00:00:00+24:00")]
    [InlineData("2024-01-01T00:00:00Z ")]
    [InlineData(" 2024-01-01T00:00:00Z")]
    [InlineData("+002024-01-01T00:00:00Z")]
    [InlineData("20240101T000000Z")]
    [InlineData("２０２４-01-01T00:00:00Z")]
    public void Decode_NoDate_IsRefused(string text) =>
        Assert.Equal(
            "invalid datetime: expected RFC 3339 with a zone", DecodeHarness.Value(schema => schema.Date).Reject($"\"{text}\"").Message);

    [Fact]
    public void Decode_NumberForADate_IsRefused() =>
        Assert.Equal("invalid type: integer `0`, expected a datetime string", DecodeHarness.Value(schema => schema.Date).Reject("0").Message);

    [Fact]
    public void Decode_EveryDay_AgreesWithTheCalendar()
    {
        var harness = DecodeHarness.Value(schema => schema.Date);
        for (var day = new DateTime(1895, 1, 1, 0, 0, 0, DateTimeKind.Utc); day.Year < 2105; day = day.AddDays(1))
        {
            var expected = new DateTimeOffset(day).ToUnixTimeMilliseconds();
            Assert.Equal($"{expected}", harness.Accept($"\"{day:yyyy-MM-dd}T00:00:00Z\""));
        }
    }

    [Theory]
    [InlineData("123456789012345678901234567890", "\"123456789012345678901234567890\"")]
    [InlineData("-5", "\"-5\"")]
    [InlineData("0", "\"0\"")]
    [InlineData("\"42\"", "\"42\"")]
    [InlineData("\"-00042\"", "\"-42\"")]
    [InlineData("\"\\u0034\"", "\"4\"")]
    public void Decode_BigInt_BecomesAStringOfDigits(string json, string expected) =>
        Assert.Equal(expected, DecodeHarness.Value(schema => schema.BigInt).Accept(json));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("\"\"")]
    [InlineData("\"-\"")]
    [InlineData("\"1n\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1.0\"")]
    [InlineData("true")]
    [InlineData("null")]
    public void Decode_NoBigInt_IsRefused(string json) =>
        Assert.EndsWith("expected a bigint", DecodeHarness.Value(schema => schema.BigInt).Reject(json).Message, StringComparison.Ordinal);

    [Fact]
    public void Decode_EndlessBigInt_IsRefused()
    {
        var harness = DecodeHarness.Value(schema => schema.BigInt);

        Assert.NotNull(harness.Accept($"\"{new string('9', 4096)}\""));
        Assert.Equal("type", harness.Reject($"\"{new string('9', 4097)}\"").Rule);
    }

    [Theory]
    [InlineData("1.50", "\"1.50\"")]
    [InlineData("0.1", "\"0.1\"")]
    [InlineData("\"1.50\"", "\"1.50\"")]
    [InlineData("\"-.5\"", "\"-.5\"")]
    [InlineData("\"5.\"", "\"5.\"")]
    [InlineData("\"+5\"", "\"+5\"")]
    [InlineData("\"1e-7\"", "\"1e-7\"")]
    public void Decode_Decimal_BecomesAString(string json, string expected) =>
        Assert.Equal(expected, DecodeHarness.Value(schema => schema.Decimal).Accept(json));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\".\"")]
    [InlineData("\"1,5\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"1e\"")]
    [InlineData("\"1e99999\"")]
    [InlineData("\"1.2.3\"")]
    [InlineData("\"--1\"")]
    [InlineData("true")]
    public void Decode_NoDecimal_IsRefused(string json) =>
        Assert.Equal("type", DecodeHarness.Value(schema => schema.Decimal).Reject(json).Rule);

    [Theory]
    [InlineData("")]
    [InlineData("AA==")]
    [InlineData("AAA=")]
    [InlineData("AAAA")]
    [InlineData("AA")]
    [InlineData("AAA")]
    [InlineData("+/+/")]
    public void Decode_Base64_Passes(string text) =>
        Assert.Equal($"\"{text}\"", DecodeHarness.Value(schema => schema.Bytes).Accept($"\"{text}\""));

    [Fact]
    public void Decode_Base64WithEscapedSlash_IsUnescaped() =>
        Assert.Equal("\"////\"", DecodeHarness.Value(schema => schema.Bytes).Accept("\"\\/\\/\\/\\/\""));

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("A===")]
    [InlineData("AA=")]
    [InlineData("====")]
    [InlineData("AA==AA==")]
    [InlineData("A-_A")]
    [InlineData("AA A")]
    [InlineData("AAé=")]
    public void Decode_NoBase64_IsRefused(string text) =>
        Assert.Equal("invalid base64", DecodeHarness.Value(schema => schema.Bytes).Reject($"\"{text}\"").Message);

    [Fact]
    public void Decode_Literals_MatchExactly()
    {
        var text = DecodeHarness.Value(schema => schema.Literal("a\"é"));
        Assert.Equal("\"a\\u0022é\"", text.Accept("\"a\\u0022é\""));
        Assert.Equal("expected \"John\", got Foo", DecodeHarness.Value(schema => schema.Literal("John")).Reject("\"Foo\"").Message);

        var number = DecodeHarness.Value(schema => schema.Literal(1.5));
        Assert.Equal("15e-1", number.Accept("15e-1"));
        Assert.Equal("invalid type: integer `2`, expected 1.5", number.Reject("2").Message);

        var yes = DecodeHarness.Value(schema => schema.Literal(true));
        Assert.Equal("true", yes.Accept("true"));
        Assert.Equal("invalid type: boolean `false`, expected true", yes.Reject("false").Message);
    }

    [Fact]
    public void Decode_Enum_NamesItsOptions()
    {
        var harness = DecodeHarness.Value(schema => schema.Enum("a", "b", "c"));

        Assert.Equal("\"b\"", harness.Accept("\"b\""));
        Assert.Equal("\"\\u0062\"", harness.Accept("\"\\u0062\""));
        Assert.Equal("invalid type: string \"d\", expected \"a\", \"b\", or \"c\"", harness.Reject("\"d\"").Message);
        Assert.Equal("invalid type: integer `1`, expected \"a\", \"b\", or \"c\"", harness.Reject("1").Message);
    }

    [Fact]
    public void Decode_LargeEnum_FindsEveryOption()
    {
        var names = Enumerable.Range(0, 3000).Select(index => $"{index:x}").ToArray();
        var harness = DecodeHarness.Value(schema => schema.Enum(names));

        Assert.All(names, name => harness.Accept($"\"{name}\""));
        harness.Reject("\"nope\"");
    }
}

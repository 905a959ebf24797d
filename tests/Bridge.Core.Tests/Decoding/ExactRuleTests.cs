using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Rules that compare and divide by digits, and bounds that no double holds.</summary>
public sealed class ExactRuleTests
{
    [Theory]
    [InlineData(0.1, "0.3", true)]
    [InlineData(0.1, "0.30000000000000004", false)]
    [InlineData(0.1, "1e22", true)]
    [InlineData(0.1, "0", true)]
    [InlineData(0.1, "-0.0", true)]
    [InlineData(0.01, "19.99", true)]
    [InlineData(0.01, "19.999", false)]
    [InlineData(3, "9007199254740993", false)]
    [InlineData(3, "9e300", true)]
    [InlineData(7, "1e300", false)]
    [InlineData(2.5, "7.5", true)]
    [InlineData(-2.5, "-7.5", true)]
    [InlineData(2.5, "7.6", false)]
    [InlineData(1e-7, "0.0000003", true)]
    [InlineData(1000, "100", false)]
    [InlineData(1e300, "1e301", true)]
    [InlineData(5e-324, "1", true)]
    [InlineData(3e-300, "1", false)]
    public void Decode_MultipleOf_DividesByDigits(double divisor, string json, bool isAccepted)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Number, new Rule { MultipleOf = divisor }));

        Assert.Equal(isAccepted, harness.Decode($"{{\"v\":{json}}}").Failure is null);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("1.0", true)]
    [InlineData("1e2", true)]
    [InlineData("-0", true)]
    [InlineData("1.5", false)]
    [InlineData("1e-1", false)]
    [InlineData("1e300", true)]
    public void Decode_Integer_LooksAtTheValue(string json, bool isAccepted)
    {
        Assert.Equal(isAccepted, DecodeHarness.Value(schema => schema.Ruled(schema.Number, new Rule { Integer = true })).Decode($"{{\"v\":{json}}}").Failure is null);
        Assert.Equal(isAccepted, DecodeHarness.Value(schema => schema.Ruled(schema.Decimal, new Rule { Integer = true })).Decode($"{{\"v\":{json}}}").Failure is null);
    }

    [Theory]
    [InlineData("9007199254740993", false, "9007199254740993", true)]
    [InlineData("9007199254740993", false, "9007199254740992", false)]
    [InlineData("9007199254740993", true, "9007199254740993", false)]
    [InlineData("9007199254740993", true, "9007199254740994", true)]
    [InlineData("-5", false, "-5", true)]
    [InlineData("-5", false, "-6", false)]
    [InlineData("-5", false, "\"-0004\"", true)]
    [InlineData("0", true, "-0", false)]
    public void Decode_LowerBoundOfABigInt_IsExact(string bound, bool isExclusive, string json, bool isAccepted)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.BigInt, new Rule { Lower = new Bound { Text = bound, Exclusive = isExclusive } }));

        Assert.Equal(isAccepted, harness.Decode($"{{\"v\":{json}}}").Failure is null);
    }

    [Theory]
    [InlineData("0.1", "0.1", true)]
    [InlineData("0.1", "\"0.1000000000000000000000000001\"", false)]
    [InlineData("0.1", "\"1e-1\"", true)]
    [InlineData("0.1", "\"0.100\"", true)]
    [InlineData("0.1", "\"-1e400\"", true)]
    [InlineData("0.1", "\"+.1\"", true)]
    [InlineData("1e400", "\"9.99e399\"", true)]
    [InlineData("1e400", "\"1.01e400\"", false)]
    public void Decode_UpperBoundOfADecimal_IsExact(string bound, string json, bool isAccepted)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Decimal, new Rule { Upper = new Bound { Text = bound } }));

        Assert.Equal(isAccepted, harness.Decode($"{{\"v\":{json}}}").Failure is null);
    }

    [Fact]
    public void Decode_DoubleBoundOfADecimal_IsTheTextThatWasWritten()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Decimal, new Rule { Max = 0.1 }));

        Assert.Equal("\"0.1\"", harness.Accept("\"0.1\""));
        Assert.Equal("max", harness.Reject("\"0.10000000000000000001\"").Rule);
    }

    [Theory]
    [InlineData("2024-01-01T00:00:00Z", false, "2024-01-01T01:00:00+01:00", true)]
    [InlineData("2024-01-01T00:00:00Z", true, "2024-01-01T01:00:00+01:00", false)]
    [InlineData("2024-01-01T00:00:00Z", false, "2023-12-31T23:59:59.999Z", false)]
    public void Decode_LowerBoundOfADate_ComparesInstants(string bound, bool isExclusive, string text, bool isAccepted)
    {
        var rule = new Rule { Lower = new Bound { Text = bound, Exclusive = isExclusive } };

        Assert.Equal(isAccepted, DecodeHarness.Value(schema => schema.Ruled(schema.Date, rule)).Decode($"{{\"v\":\"{text}\"}}").Failure is null);
        Assert.Equal(isAccepted, DecodeHarness.Query(schema => schema.Object(Field("v", schema.Ruled(schema.Date, rule)))).Decode(query: $"v={text.Replace("+", "%2B", StringComparison.Ordinal)}").Failure is null);
    }

    [Fact]
    public void Decode_ExclusiveBound_SaysSo()
    {
        var violation = DecodeHarness.Value(schema => schema.Ruled(schema.Number, new Rule { Upper = new Bound { Number = 3, Exclusive = true } })).Reject("3.0");

        Assert.Equal(new Violation(RequestPlace.Body, "/v", "exclusiveMax", "value must be less than 3 (got 3.0)", "less than 3", "3.0"), violation);
    }

    [Fact]
    public void Decode_LengthOfBytes_CountsBytes()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Bytes, new Rule { MinLength = 2 }, new Rule { MaxLength = 3 }));

        Assert.Equal("\"AAA=\"", harness.Accept("\"AAA=\""));
        Assert.Equal("\"AAAA\"", harness.Accept("\"AAAA\""));
        Assert.Equal("length too short (got 1, expected at least 2)", harness.Reject("\"AA==\"").Message);
        Assert.Equal("maxLength", harness.Reject("\"AAAAAA\"").Rule);
    }

    [Fact]
    public void Decode_RuleOfAnotherKind_IsKept()
    {
        foreach (var rule in new[] { new Rule { Min = 5 }, new Rule { Integer = true }, new Rule { MultipleOf = 5 }, new Rule { UniqueItems = true }, new Rule { Lower = new Bound { Text = "2024-01-01T00:00:00Z" } } })
        {
            Assert.Equal("\"a\"", DecodeHarness.Value(schema => schema.Ruled(schema.Text, rule)).Accept("\"a\""));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("2024-01-01")]
    public void Compile_BoundThatIsNone_IsADamagedSchema(string bound) => Assert.Throws<SchemaException>(
        () => DecodeHarness.Value(schema => schema.Ruled(schema.BigInt, new Rule { Lower = new Bound { Text = bound } })));

    [Fact]
    public void Compile_MultipleOfNothing_IsADamagedSchema() => Assert.Throws<SchemaException>(
        () => DecodeHarness.Value(schema => schema.Ruled(schema.Number, new Rule { MultipleOf = 0 })));
}

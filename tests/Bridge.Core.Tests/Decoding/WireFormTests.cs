using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Every kind of type in every place but the body.</summary>
public sealed class WireFormTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:01Z, 1970-01-01T01:00:02+01:00", "[1000,2000]")]
    [InlineData("1970-01-01T00:00:01Z", "[1000]")]
    [InlineData("1970-01-01T00:00:01Z,1970-01-01T00:00:02Z", "[1000,2000]")]
    public void Decode_HeaderOfDates_IsAList(string line, string expected) =>
        Assert.Equal($"{{\"v\":{expected}}}", Header(schema => schema.ArrayOf(schema.Date)).Accept(line));

    [Fact]
    public void Decode_HeaderOfDigits_IsAList()
    {
        Assert.Equal("""{"v":["1","9007199254740993","-2"]}""", Header(schema => schema.ArrayOf(schema.BigInt)).Accept("1, 9007199254740993", "-2"));
        Assert.Equal("""{"v":["1.50","2e3"]}""", Header(schema => schema.ArrayOf(schema.Decimal)).Accept("1.50,2e3"));
        Assert.Equal("""{"v":[true,false]}""", Header(schema => schema.ArrayOf(schema.Boolean)).Accept("true , false"));
    }

    [Fact]
    public void Decode_HeaderOfLiterals_IsAListWhereNoneHasAComma()
    {
        Assert.Equal("""{"v":["a","b"]}""", Header(schema => schema.ArrayOf(schema.Enum("a", "b", "c"))).Accept("a, b"));
        Assert.Equal("""{"v":["a,b"]}""", Header(schema => schema.ArrayOf(schema.Enum("a", "a,b"))).Accept("a,b"));
        Assert.Equal("""{"v":[1,"x",2]}""", Header(schema => schema.ArrayOf(schema.Union(schema.Number, schema.Literal("x")))).Accept("1, x", "2"));
        Assert.Equal("""{"v":["a, b"]}""", Header(schema => schema.ArrayOf(schema.Union(schema.Number, schema.Text))).Accept("a, b"));
    }

    [Fact]
    public void Decode_HeaderListWithARule_IsSplitAsWithout()
    {
        var header = Header(schema => schema.Ruled(schema.ArrayOf(schema.Ruled(schema.Number, new Rule { Min = 1 })), new Rule { MaxLength = 2 }));

        Assert.Equal("""{"v":[1,2]}""", header.Accept("1, 2"));
        Assert.Equal("invalid header value: x-v: length too long (got 3, expected at most 2)", header.Reject("1, 2", "3").Message);
        Assert.Equal("/x-v/1", Assert.Single(header.Reject("1, 0").Violations).Path);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("all", "\"all\"")]
    [InlineData("some", null)]
    public void Decode_HeaderUnion_IsTheFirstThatFits(string text, string? expected)
    {
        var header = Header(schema => schema.Union(schema.Number, schema.Literal("all")));

        if (expected is not null)
        {
            Assert.Equal($"{{\"v\":{expected}}}", header.Accept(text));
        }
        else
        {
            Assert.Equal("invalid header value: x-v: expected a number or \"all\", got some", header.Reject(text).Message);
        }
    }

    [Theory]
    [InlineData("invalid bigint value: 1.5", "1.5", Primitive.Bigint)]
    [InlineData("invalid decimal value: x", "x", Primitive.Decimal)]
    [InlineData("invalid boolean value: yes", "yes", Primitive.Boolean)]
    [InlineData("invalid datetime", "today", Primitive.Date)]
    public void Decode_HeaderOfAnotherType_IsRefused(string message, string text, Primitive primitive) =>
        Assert.Equal(message, Header(schema => Of(schema, primitive)).Reject(text).Message);

    [Fact]
    public void Decode_MissingHeader_IsNamed()
    {
        Assert.Equal("missing required header: x-v", Header(schema => schema.ArrayOf(schema.Date)).Reject().Message);
        Assert.Equal("""{"v":null}""", Header(schema => schema.Nullable(schema.Number)).Accept(""));
    }

    [Theory]
    [InlineData(Primitive.Date, "1970-01-01T00:00:01Z", "1000")]
    [InlineData(Primitive.Decimal, "1.50", "\"1.50\"")]
    [InlineData(Primitive.Bigint, "9007199254740993", "\"9007199254740993\"")]
    [InlineData(Primitive.Boolean, "true", "true")]
    [InlineData(Primitive.String, "a b", "\"a b\"")]
    public void Decode_CookieOfEveryType_HasAnEnvelope(Primitive primitive, string text, string expected)
    {
        var cookie = Cookie(schema => schema.Object(Field("value", Of(schema, primitive)), Optional("maxAge", schema.Number)));

        Assert.Equal($"{{\"v\":{{\"value\":{expected}}}}}", cookie.Accept($"v={text}"));
    }

    [Fact]
    public void Decode_NullableCookie_IsTheCookie()
    {
        var cookie = Cookie(schema => schema.Nullable(schema.Object(Field("value", schema.Ruled(schema.Number, new Rule { Min = 1 })))));

        Assert.Equal("""{"v":{"value":2}}""", cookie.Accept("v=2"));
        Assert.Equal("missing required cookie: v", cookie.Reject("other=2").Message);
        Assert.Equal("invalid cookie value: v: value must be at least 1 (got 0)", cookie.Reject("v=0").Message);
    }

    [Theory]
    [InlineData("v=a&v=b", """{"v":["a","b"]}""")]
    [InlineData("v=a", """{"v":["a"]}""")]
    [InlineData("v=a,b", null)]
    [InlineData("v=c", null)]
    public void Decode_QueryOfEnums_IsRepeated(string query, string? expected)
    {
        var harness = DecodeHarness.Query(schema => schema.Object(Field("v", schema.ArrayOf(schema.Enum("a", "b")))));

        if (expected is not null)
        {
            Assert.Equal(expected, harness.AcceptQuery(query));
        }
        else
        {
            Assert.StartsWith("unable to decode query string: v[0]: expected \"a\" or \"b\", got ", harness.RejectQuery(query).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_QueryOfDatesAndDigits_IsRepeated()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Optional("d", schema.ArrayOf(schema.Date)), Optional("b", schema.ArrayOf(schema.BigInt)), Optional("m", schema.ArrayOf(schema.Decimal)),
            Optional("u", schema.Union(schema.Date, schema.Literal("now"))), Optional("n", schema.Union(schema.Number, schema.Literal("all")))));

        Assert.Equal(
            """{"d":[0,1000],"b":["1","2"],"m":["0.10"],"u":"now","n":"all"}""",
            harness.AcceptQuery("d=1970-01-01T00:00:00Z&d=1970-01-01T00:00:01Z&b=1&b=2&m=0.10&u=now&n=all"));
        Assert.Equal("""{"n":5}""", harness.AcceptQuery("n=5"));
        Assert.Equal("/d/1", Assert.Single(harness.RejectQuery("d=1970-01-01T00:00:00Z&d=x").Violations).Path);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("me", "\"me\"")]
    [InlineData("you", null)]
    public void Decode_PathUnion_IsTheFirstThatFits(string text, string? expected) =>
        AssertPath(schema => schema.Union(schema.Number, schema.Literal("me")), text, expected, "invalid path parameter v: expected a number or \"me\", got you");

    [Theory]
    [InlineData("1", "1")]
    [InlineData("3", null)]
    public void Decode_PathLiterals_AreCompared(string text, string? expected) =>
        AssertPath(schema => schema.Union(schema.Literal(1), schema.Literal(2)), text, expected, "invalid path parameter v: expected 1 or 2, got 3");

    [Theory]
    [InlineData("18446744073709551616", "\"18446744073709551616\"")]
    [InlineData("1.5", null)]
    public void Decode_PathBigint_IsRead(string text, string? expected) =>
        AssertPath(schema => schema.BigInt, text, expected, "path parameter is not a valid bigint");

    [Theory]
    [InlineData("week", "\"week\"")]
    [InlineData("w%65ek", "\"week\"")]
    [InlineData("year", null)]
    public void Decode_PathTexts_AreCompared(string text, string? expected) =>
        AssertPath(schema => schema.Enum("day", "week"), text, expected, "invalid path parameter v: expected \"day\" or \"week\", got year");

    [Theory]
    [InlineData("abc", "\"abc\"")]
    [InlineData("ab1", null)]
    public void Decode_PathRule_IsChecked(string text, string? expected) =>
        AssertPath(
            schema => schema.Ruled(schema.Text, new Rule { Matches = "^[a-z]+$" }), text, expected,
            "invalid path parameter v: value does not match the regexp \"^[a-z]+$\"");

    private static void AssertPath(Func<SchemaBuilder, uint> type, string text, string? expected, string message)
    {
        var (json, failure) = DecodeHarness.Path(schema => schema.Object(Field("v", type(schema))), "/:v").Decode(path: $"/{text}", pathValues: [1..]);

        Assert.Equal(expected is null ? null : $"{{\"v\":{expected}}}", json);
        Assert.Equal(expected is null ? message : null, failure?.Message);
    }

    private static uint Of(SchemaBuilder schema, Primitive primitive) => primitive switch
    {
        Primitive.Date => schema.Date,
        Primitive.Decimal => schema.Decimal,
        Primitive.Bigint => schema.BigInt,
        Primitive.Boolean => schema.Boolean,
        _ => schema.Text,
    };

    private static Carrier Header(Func<SchemaBuilder, uint> type) =>
        new(DecodeHarness.Body(schema => schema.Object(Field("v", type(schema)).In(WireKind.Header, "x-v")), "GET"), "x-v");

    private static Carrier Cookie(Func<SchemaBuilder, uint> type) =>
        new(DecodeHarness.Body(schema => schema.Object(Field("v", type(schema)).In(WireKind.Cookie)), "GET"), "cookie");

    /// <summary>A request whose one field travels in header lines.</summary>
    private sealed class Carrier(DecodeHarness harness, string header)
    {
        public string? Accept(params string[] lines)
        {
            var (json, failure) = Decode(lines);
            Assert.Null(failure?.Message);
            return json;
        }

        public DecodeFailure Reject(params string[] lines)
        {
            var (json, failure) = Decode(lines);
            Assert.Null(json);
            return failure!; // Justification: a request is decoded or refused.
        }

        private (string? Json, DecodeFailure? Failure) Decode(string[] lines) =>
            harness.Decode(headers: new TestHeaders([.. lines.Select(line => (header, line))]));
    }
}

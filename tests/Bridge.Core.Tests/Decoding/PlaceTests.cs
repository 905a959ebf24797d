using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class PlaceTests
{
    [Theory]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("TRACE", false)]
    public void Compile_Method_SaysWhereFieldsTravel(string method, bool inBody)
    {
        var harness = DecodeHarness.Body(schema => schema.Object(Field("n", schema.Number)), method);

        Assert.Equal(inBody, harness.Plan.ReadsBody);
        Assert.Equal("{\"n\":1}", inBody ? harness.AcceptBody("{\"n\":1}") : harness.AcceptQuery("n=1"));
    }

    [Fact]
    public void Decode_NoRequestType_WritesNothing()
    {
        var schema = new SchemaBuilder();
        var harness = new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(), "POST"));

        Assert.False(harness.Plan.HasParameters);
        Assert.False(harness.Plan.ReadsBody);
        Assert.Equal(("", null), harness.Decode("garbage"));
    }

    [Theory]
    [InlineData("t=a+b%20c%2B", "a b c+")]
    [InlineData("t=%C3%A9%F0%9F%98%80", "é😀")]
    [InlineData("t=a=b=c", "a=b=c")]
    [InlineData("t=", "")]
    [InlineData("t", "")]
    [InlineData("&&x=1&t=v&", "v")]
    [InlineData("%74=v", "v")]
    [InlineData("unknown=%ZZ&t=v", "v")]
    [InlineData("t=%22%5C%0A", "\"\\\n")]
    [InlineData("t=é", "é")]
    public void Decode_QueryText_IsPercentDecoded(string query, string expected)
    {
        var json = DecodeHarness.Query(schema => schema.Object(Field("t", schema.Text))).AcceptQuery(query);

        Assert.Equal(expected, System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("t").GetString());
    }

    [Theory]
    [InlineData("t=%")]
    [InlineData("t=%4")]
    [InlineData("t=%G0")]
    [InlineData("t=%FF")]
    [InlineData("t=%C3")]
    [InlineData("t=%ED%A0%80")]
    public void Decode_QueryOutOfEncoding_IsRefused(string query)
    {
        var failure = DecodeHarness.Query(schema => schema.Object(Field("t", schema.Text))).RejectQuery(query);

        Assert.Equal("unable to decode query string: t: invalid percent-encoding", failure.Message);
        Assert.Equal(new Violation(RequestPlace.Query, "/t", "encoding", "invalid percent-encoding"), Assert.Single(failure.Violations));
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-1.5e3", "-1.5e3")]
    [InlineData("007", "7")]
    [InlineData("%2B5", "5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    public void Decode_QueryNumber_IsRead(string text, string expected) =>
        Assert.Equal($"{{\"n\":{expected}}}", DecodeHarness.Query(schema => schema.Object(Field("n", schema.Number))).AcceptQuery($"n={text}"));

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData("+5")]
    [InlineData("1,000")]
    [InlineData("5%20")]
    public void Decode_NoQueryNumber_IsRefused(string text)
    {
        var failure = DecodeHarness.Query(schema => schema.Object(Field("limit", schema.Number))).RejectQuery($"limit={text}");

        Assert.StartsWith("unable to decode query string: limit: expected a number, got ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_MissingQuery_NamesTheField()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(Field("limit", schema.Number), Field("q", schema.Text)));

        Assert.Equal("unable to decode query string: missing field limit", harness.RejectQuery("q=x").Message);
        Assert.Equal("unable to decode query string: missing fields `limit` and `q`", harness.RejectQuery("").Message);
        Assert.Equal(["/limit", "/q"], harness.RejectQuery("").Violations.Select(violation => violation.Path));
    }

    [Fact]
    public void Decode_RepeatedQueryKey_MakesAnArrayOrADuplicate()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Optional("one", schema.Number), Optional("many", schema.ArrayOf(schema.Number)),
            Optional("either", schema.Union(schema.Text, schema.ArrayOf(schema.Text)))));

        Assert.Equal("{\"many\":[1,2,3],\"one\":9}", harness.AcceptQuery("many=1&one=9&many=2&many=3"));
        Assert.Equal("{\"many\":[1]}", harness.AcceptQuery("many=1"));
        Assert.Equal("{\"either\":\"a\"}", harness.AcceptQuery("either=a"));
        Assert.Equal("{\"either\":[\"a\",\"b\"]}", harness.AcceptQuery("either=a&either=b"));
        Assert.Equal("unable to decode query string: duplicate field one", harness.RejectQuery("one=1&one=2").Message);
        Assert.Equal("/many/1", Assert.Single(harness.RejectQuery("many=1&many=x").Violations).Path);
    }

    [Fact]
    public void Decode_QueryOfEveryType_IsCoerced()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Field("b", schema.Boolean), Field("i", schema.BigInt), Field("d", schema.Date), Field("m", schema.Decimal),
            Field("e", schema.Enum("x", "y")), Field("l", schema.Union(schema.Literal(1), schema.Literal(2))), Field("u", schema.Nullable(schema.Number)),
            Field("a", schema.Any), Field("t", schema.Literal(true))));

        Assert.Equal(
            """{"b":false,"i":"12","d":0,"m":"1.50","e":"y","l":2,"u":null,"a":"5","t":true}""",
            harness.AcceptQuery("b=false&i=12&d=1970-01-01T00:00:00Z&m=1.50&e=y&l=2&u=null&a=5&t=true"));
        Assert.Equal(
            [
                "expected a boolean, got yes", "expected a bigint, got 1.5", "invalid datetime: expected RFC 3339 with a zone", "invalid decimal",
                "expected \"x\" or \"y\", got z", "expected 1 or 2, got 3", "expected a number or null, got x", "expected true, got false",
            ],
            harness.RejectQuery("b=yes&i=1.5&d=today&m=x&e=z&l=3&u=x&a=5&t=false").Violations.Select(violation => violation.Message));
    }

    [Fact]
    public void Decode_QueryRules_AreChecked()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Optional("n", schema.Ruled(schema.Number, new Rule { Max = 10 })),
            Optional("t", schema.Ruled(schema.Text, new Rule { MinLength = 2 })),
            Optional("a", schema.Ruled(schema.ArrayOf(schema.Ruled(schema.Text, new Rule { MaxLength = 2 })), new Rule { MinLength = 2 }))));

        Assert.Equal("unable to decode query string: n: value must be at most 10 (got 11)", harness.RejectQuery("n=11").Message);
        Assert.Equal("unable to decode query string: t: length too short (got 1, expected at least 2)", harness.RejectQuery("t=%C3%A9").Message);
        Assert.Equal("unable to decode query string: a[1]: length too long (got 3, expected at most 2)", harness.RejectQuery("a=x&a=xyz").Message);
        Assert.Equal("unable to decode query string: a: length too short (got 1, expected at least 2)", harness.RejectQuery("a=x").Message);
        Assert.Equal("{\"n\":10,\"a\":[\"x\",\"y\"]}", harness.AcceptQuery("n=10&a=x&a=y"));
    }

    [Fact]
    public void Decode_WireNames_DifferFromFields()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("page", schema.Number).In(WireKind.Query, "p"), Field("token", schema.Text).In(WireKind.Header, "X-Token"),
            Field("session", schema.Object(Field("value", schema.Text))).In(WireKind.Cookie, "sid"), Field("name", schema.Text)));

        var (json, failure) = harness.Decode("{\"name\":\"n\"}", "p=2", headers: new TestHeaders(("x-token", "t"), ("cookie", "a=b; sid=s=1; c=d")));

        Assert.Null(failure);
        Assert.Equal("""{"page":2,"token":"t","session":{"value":"s=1"},"name":"n"}""", json);
    }

    [Fact]
    public void Decode_Headers_SpeakTheirOwnWords()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Field("a", schema.Text).In(WireKind.Header, "x-foo"), Optional("n", schema.Number).In(WireKind.Header, "x-n"),
                Optional("d", schema.Date).In(WireKind.Header, "x-d"),
                Optional("r", schema.Ruled(schema.Number, new Rule { Min = 3 })).In(WireKind.Header, "x-r")),
            "GET");

        Assert.Equal("missing required header: x-foo", Decode().Failure?.Message);
        Assert.Equal("invalid number value: abc", Decode(("x-foo", ""), ("x-n", "abc")).Failure?.Message);
        Assert.Equal("invalid datetime", Decode(("x-foo", ""), ("x-d", "abc")).Failure?.Message);
        Assert.Equal("invalid header value: x-r: value must be at least 3 (got 2)", Decode(("x-foo", ""), ("x-r", "2")).Failure?.Message);
        Assert.Equal("invalid header value: x-foo: not valid text", Decode(("x-foo", "\ud800")).Failure?.Message);
        Assert.Equal("{\"a\":\"%41+\",\"n\":5}", Decode(("x-foo", "%41+"), ("x-n", "5")).Json);

        (string? Json, DecodeFailure? Failure) Decode(params (string, string)[] lines) => harness.Decode(headers: new TestHeaders(lines));
    }

    [Fact]
    public void Decode_HeaderArrays_TakeEveryLine()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Optional("t", schema.ArrayOf(schema.Text)).In(WireKind.Header, "x-t"), Optional("n", schema.ArrayOf(schema.Number)).In(WireKind.Header, "x-n")),
            "GET");

        Assert.Equal(
            """{"t":["a, b","c"],"n":[1,2,3]}""",
            harness.Decode(headers: new TestHeaders(("x-t", "a, b"), ("x-n", "1, 2"), ("x-t", "c"), ("x-n", "3"))).Json);
    }

    [Fact]
    public void Decode_Cookies_AreFoundAmongOthers()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Field("n", schema.Object(Field("value", schema.Number), Optional("path", schema.Text))).In(WireKind.Cookie), Optional("plain", schema.Text).In(WireKind.Cookie)),
            "GET");

        Assert.Equal("""{"n":{"value":2},"plain":"x"}""", harness.Decode(headers: new TestHeaders(("cookie", "n=1; nn=3;plain = x ; n=2"))).Json);
        Assert.Equal("missing required cookie: n", harness.Decode(headers: new TestHeaders(("cookie", "nn=1; n"))).Failure?.Message);
        Assert.Equal("invalid number value: x", harness.Decode(headers: new TestHeaders(("cookie", "n=x"))).Failure?.Message);
    }

    [Fact]
    public void Decode_Path_IsReadBySegment()
    {
        var harness = DecodeHarness.Path(
            schema => schema.Object(
                Field("rest", schema.Text), Field("id", schema.Ruled(schema.Number, new Rule { Min = 3 })), Optional("q", schema.Text)),
            "/users/:id/files/*rest");

        Assert.Equal("""{"rest":"a/b c","id":7,"q":"x"}""", Decode("7", "a/b%20c").Json);
        Assert.Equal("""{"rest":"+","id":3,"q":"x"}""", Decode("3", "+").Json);
        Assert.Equal("path parameter is not a valid number", Decode("x", "a").Failure?.Message);
        Assert.Equal("path parameter is not a valid number", Decode("007", "a").Failure?.Message);
        Assert.Equal("invalid path parameter id: value must be at least 3 (got 2)", Decode("2", "a").Failure?.Message);
        Assert.Equal("invalid path parameter rest: invalid percent-encoding", Decode("7", "%").Failure?.Message);
        Assert.Equal(new Violation(RequestPlace.Path, "/id", "type", "expected a number, got x", "a number", "x"), Decode("x", "a").Failure?.Violations[0]);

        (string? Json, DecodeFailure? Failure) Decode(string id, string rest)
        {
            var path = $"/users/{id}/files/{rest}";
            return harness.Decode(query: "q=x", path: path, pathValues: [7..(7 + id.Length), (path.Length - rest.Length)..]);
        }
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("TRUE", null)]
    public void Decode_PathBoolean_IsRead(string text, string? expected)
    {
        var harness = DecodeHarness.Path(schema => schema.Object(Field("on", schema.Boolean)), "/:on");
        var (json, failure) = harness.Decode(path: $"/{text}", pathValues: [1..]);

        Assert.Equal(expected is null ? null : $"{{\"on\":{expected}}}", json);
        Assert.Equal(expected is null ? "path parameter is not a valid boolean" : null, failure?.Message);
    }

    [Fact]
    public void Decode_ViolationsInEveryPlace_ComeInOrder()
    {
        var schema = new SchemaBuilder();
        var number = schema.Number;
        var request = schema.Object(
            Field("b", number), Field("h", number).In(WireKind.Header, "x-h"), Field("q", number).In(WireKind.Query), Field("p", number),
            Field("c", number).In(WireKind.Cookie));
        var harness = new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(request, path: "/:p"), "POST"));

        var (_, failure) = harness.Decode("{\"b\":true}", "q=x", "/x", [1..], new TestHeaders(("x-h", "x"), ("cookie", "c=x")));

        Assert.NotNull(failure);
        Assert.Equal("path parameter is not a valid number", failure.Message);
        Assert.Equal(
            [RequestPlace.Path, RequestPlace.Query, RequestPlace.Header, RequestPlace.Cookie, RequestPlace.Body],
            failure.Violations.Select(violation => violation.In));
    }

    [Fact]
    public void WriteDetails_Violations_AreJson()
    {
        var failure = DecodeHarness.Value(schema => schema.ArrayOf(schema.Text)).RejectBody("""{"v":["a",5]}""");
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        failure.WriteDetails(output);

        Assert.Equal(
            """{"violations":[{"in":"body","path":"/v/1","rule":"type","message":"invalid type: integer `5`, expected a string","expected":"a string","got":"5"}]}""",
            System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Decode_ManyQueryFields_IsLinear()
    {
        var harness = DecodeHarness.Query(schema =>
        {
            var text = schema.Text;
            return schema.Object([.. Enumerable.Range(0, 200).Select(index => Optional($"field{index}", text))]);
        });

        var query = string.Join('&', Enumerable.Range(0, 200).Select(index => $"field{index}=v{index}"));
        Assert.Contains("\"field199\":\"v199\"", harness.AcceptQuery(query), StringComparison.Ordinal);
        Assert.Equal("duplicate", Assert.Single(harness.RejectQuery(query + "&field150=x").Violations).Rule);
    }
}

using System.Diagnostics;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Unions whose objects have a tag, unions without one, and unions as a whole request.</summary>
public sealed class TaggedUnionTests
{
    [Theory]
    [InlineData("{\"type\":\"circle\",\"r\":1}")]
    [InlineData("{\"r\":1,\"x\":{\"type\":\"square\"},\"type\":\"circle\"}")]
    [InlineData("{\"r\":1,\"t\\u0079pe\":\"circ\\u006ce\"}")]
    [InlineData("{\"s\":[\"}\\\"]\"],\"type\":\"square\"}")]
    [InlineData("{ \"s\" : [ ] , \"type\" : \"box\" }")]
    [InlineData("{\"type\":7.0}")]
    [InlineData("{\"type\":null}")]
    [InlineData("{\"type\":false}")]
    [InlineData("5")]
    public void Decode_Tag_ChoosesTheOptionWhereverItStands(string json) => Assert.NotNull(Shapes().Accept(json));

    [Theory]
    [InlineData("{\"type\":\"circle\",\"s\":[]}", "/v/r missing field r (Circle: type \"circle\")")]
    [InlineData("{\"type\":\"square\"}", "/v/s missing field s (type \"square\" or \"box\")")]
    [InlineData("{\"type\":\"oval\"}", "/v/type invalid type: string \"oval\", expected \"circle\", \"square\", \"box\", 7, null, or false")]
    [InlineData("{\"type\":8}", "/v/type invalid type: integer `8`, expected \"circle\", \"square\", \"box\", 7, null, or false")]
    [InlineData("{\"type\":true}", "/v/type invalid type: boolean `true`, expected \"circle\", \"square\", \"box\", 7, null, or false")]
    [InlineData("{\"type\":[\"circle\"]}", "/v/type invalid type: sequence, expected \"circle\", \"square\", \"box\", 7, null, or false")]
    [InlineData("{\"r\":1}", "/v/type missing field type")]
    [InlineData("{\"type\":\"circle\",\"r\":1,\"type\":\"square\"}", "/v/type duplicate field type")]
    [InlineData("{\"type\":\"circle\",\"r\":}", "/v/r expected value at line 1 column 27")]
    [InlineData("{\"type\" \"circle\"}", "/v expected `:` at line 1 column 14")]
    [InlineData("{\"type\":\"circle", "/v EOF while parsing a string at line 1 column 21")]
    [InlineData("\"circle\"", "/v invalid type: string \"circle\", expected a JSON object or a number")]
    public void Decode_WhatDoesNotFit_IsSaidOfTheBranch(string json, string violation)
    {
        var found = json.EndsWith("circle", StringComparison.Ordinal) ? Shapes().RejectBody($"{{\"v\":{json}").Violations[0] : Shapes().Reject(json);

        Assert.Equal(violation, $"{found.Path} {found.Message}");
    }

    [Fact]
    public void Decode_WithoutATag_SaysWhatEachWanted()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Named("Circle", schema.Object(Field("r", schema.Number))),
            schema.Object(Field("s", schema.Object(Field("t", schema.Number)))),
            schema.ArrayOf(schema.Number)));

        Assert.Equal(
            "invalid type: string \"x\", expected a number (Circle; option 2: /s missing field s)", harness.Reject("{\"r\":\"x\"}").Message);
        Assert.Equal("/v/s/t", harness.Reject("{\"s\":{\"t\":null}}").Path);
        Assert.Equal("invalid type: null, expected a number (option 2; Circle: /r missing field r)", harness.Reject("{\"s\":{\"t\":null}}").Message);
        Assert.Equal("invalid type: boolean `true`, expected a number", harness.Reject("[true]").Message);
    }

    [Fact]
    public void Decode_RuledScalars_SayWhatEachWanted()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Ruled(schema.Text, new Rule { MinLength = 5 }), schema.Ruled(schema.Text, new Rule { StartsWith = "x" })));

        Assert.Equal("\"xy\"", harness.Accept("\"xy\""));
        Assert.Equal(
            "length too short (got 2, expected at least 5) (option 1; option 2: value does not start with \"x\")", harness.Reject("\"ab\"").Message);
    }

    [Fact]
    public void Decode_FieldThatIsOptionalOrShared_IsNoTag()
    {
        // Both options accept the first value: the first in declaration order is taken, so its undeclared field goes.
        var optional = DecodeHarness.Value(schema => schema.Union(
            schema.Object(Optional("kind", schema.Literal("a"))), schema.Object(Field("kind", schema.Literal("b")), Field("x", schema.Number))));
        var shared = DecodeHarness.Value(schema => schema.Union(
            schema.Object(Field("kind", schema.Enum("a", "b"))), schema.Object(Field("kind", schema.Enum("b", "c")), Field("x", schema.Number))));

        Assert.Equal("{}", optional.Accept("{\"x\":1}"));
        Assert.Equal("{\"kind\":\"b\"}", shared.Accept("{\"kind\":\"b\",\"x\":1}"));
        Assert.Equal("{\"kind\":\"c\",\"x\":1}", shared.Accept("{\"kind\":\"c\",\"x\":1}"));
    }

    [Fact]
    public void Decode_NestedTagsAtTheEnd_IsLinear()
    {
        var harness = DecodeHarness.Value(schema =>
        {
            var (leaf, node) = (schema.Literal("leaf"), schema.Literal("node"));
            return schema.Recursive(self => new TypeSchema
            {
                Union = new UnionShape
                {
                    Options =
                    {
                        schema.Object(Field("children", schema.ArrayOf(self)), Field("type", node)), schema.Object(Field("text", schema.Text), Field("type", leaf)),
                    },
                },
            });
        });
        var leaves = string.Join(',', Enumerable.Repeat("{\"text\":\"0123456789\",\"type\":\"leaf\"}", 40_000));
        var json = string.Concat(Enumerable.Repeat("{\"children\":[", 50)) + leaves + string.Concat(Enumerable.Repeat("],\"type\":\"node\"}", 50));
        var watch = Stopwatch.StartNew();

        Assert.Equal(json, harness.Accept(json));
        Assert.Equal("recursion limit exceeded", harness.Reject(string.Concat(Enumerable.Repeat("{\"children\":[", 5000))).Message.Split(" at line")[0]);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Decode_ManyBadElements_StopsAtTheMostViolations()
    {
        var harness = DecodeHarness.Value(schema => schema.ArrayOf(schema.Union(
            schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Number)), schema.ArrayOf(schema.Number))));
        var watch = Stopwatch.StartNew();

        Assert.Equal(DecodeFailure.MaxViolations, harness.RejectBody($"{{\"v\":[{string.Join(',', Enumerable.Repeat("{}", 700_000))}]}}").Violations.Count);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3);
    }

    [Fact]
    public void Decode_UnionRoot_IsTheBody()
    {
        var harness = DecodeHarness.Body(schema => schema.Union(
            schema.Object(Field("kind", schema.Literal("a")), Field("x", schema.Number)), schema.Object(Field("kind", schema.Literal("b"))), schema.Null, schema.Number));

        foreach (var body in new[] { "{\"kind\":\"a\",\"x\":1}", "{\"kind\":\"b\"}", "null", "5" })
        {
            Assert.Equal(body, harness.AcceptBody(body));
        }

        Assert.Equal("unable to decode request body: missing field x (kind \"a\")", harness.RejectBody("{\"kind\":\"a\"}").Message);
    }

    [Fact]
    public void Decode_UnionRootOverSeveralPlaces_PutsEachOptionTogether()
    {
        var schema = new SchemaBuilder();
        var union = schema.Union(
            schema.Object(Field("id", schema.Number), Field("kind", schema.Literal("a")), Field("x", schema.Number)),
            schema.Object(Field("id", schema.Number), Field("kind", schema.Literal("b")), Field("token", schema.Text).In(WireKind.Header, "x-token")));
        var harness = new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(union, path: "/:id"), "POST"));

        Assert.Equal("{\"id\":5,\"kind\":\"a\",\"x\":1}", Decode("{\"kind\":\"a\",\"x\":1}").Json);
        Assert.Equal("{\"id\":5,\"token\":\"t\",\"kind\":\"b\"}", Decode("{\"kind\":\"b\",\"x\":1}", ("x-token", "t")).Json);
        Assert.Equal("missing required header: x-token", Decode("{\"kind\":\"b\"}").Failure?.Message);
        Assert.Equal("unable to decode request body: missing field x (kind \"a\")", Decode("{\"kind\":\"a\"}").Failure?.Message);
        Assert.Equal("unable to decode request body: missing field kind", Decode("{}").Failure?.Message);
        Assert.Equal("syntax", Decode("{\"kind\":").Failure?.Violations[0].Rule);
        Assert.Equal("syntax", Decode("").Failure?.Violations[0].Rule);

        (string? Json, DecodeFailure? Failure) Decode(string body, params (string, string)[] headers) =>
            harness.Decode(body, path: "/5", pathValues: [1..2], headers: new TestHeaders(headers));
    }

    [Fact]
    public void Decode_UnionOfQueries_TakesTheFirstThatFits()
    {
        var harness = DecodeHarness.Query(schema => schema.Union(
            schema.Object(Field("id", schema.Number)), schema.Object(Field("name", schema.Text), Optional("at", schema.Date))));

        Assert.Equal("[0,{\"id\":1}]", harness.AcceptQuery("id=1"));
        Assert.Equal("[1,{\"name\":\"x\",\"at\":0}]", harness.AcceptQuery("name=x&at=1970-01-01T00:00:00Z"));
        Assert.Equal("unable to decode query string: id: expected a number, got x (option 1; option 2: /name missing field name)", harness.RejectQuery("id=x").Message);
    }

    [Fact]
    public void Compile_UnionRootWithAPathAndNoObject_IsRefused()
    {
        var schema = new SchemaBuilder();
        var union = schema.Union(schema.Object(Field("id", schema.Number)), schema.ArrayOf(schema.Number));

        var exception = Assert.Throws<SchemaException>(() => RequestPlan.Compile(schema.Application, schema.Endpoint(union, path: "/:id"), "POST"));

        Assert.Contains("union of objects", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RuleOnAUnion_HoldsForWhatTheValueIs()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Union(schema.BigInt, schema.Date), new Rule { Min = 5 }));

        Assert.Equal("\"5\"", harness.Accept("5"));
        Assert.Equal("type", harness.Reject("true").Rule);
        Assert.NotEmpty(harness.RejectBody("{\"v\":\"4\"}").Violations);
        Assert.Equal("0", harness.Accept("\"1970-01-01T00:00:00Z\""));
    }

    private static DecodeHarness Shapes() => DecodeHarness.Value(schema => schema.Union(
        schema.Named("Circle", schema.Object(Field("type", schema.Literal("circle")), Field("r", schema.Number))),
        schema.Object(Field("s", schema.ArrayOf(schema.Text)), Field("type", schema.Enum("square", "box"))),
        schema.Object(Field("type", schema.Literal(7))),
        schema.Object(Field("type", schema.Null)),
        schema.Object(Field("type", schema.Literal(false))),
        schema.Number));
}

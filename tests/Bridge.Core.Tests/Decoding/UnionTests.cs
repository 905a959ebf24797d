using System.Diagnostics;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class UnionTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("[true]")]
    [InlineData("{\"a\":1}")]
    public void Decode_OptionsOfDifferentKinds_TakesTheOneOfTheKind(string json) =>
        Assert.Equal(json, DecodeHarness.Value(schema => schema.Union(
            schema.Number, schema.Text, schema.Null, schema.ArrayOf(schema.Boolean), schema.Object(Field("a", schema.Number)))).Accept(json));

    [Fact]
    public void Decode_NoOptionOfTheKind_NamesAllOptions()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(schema.Boolean, schema.Number, schema.Null));

        Assert.Equal("invalid type: string \"x\", expected a boolean, a number, or null", harness.Reject("\"x\"").Message);
        Assert.Equal(
            "invalid type: sequence, expected a number or null",
            DecodeHarness.Value(schema => schema.Nullable(schema.Number)).Reject("[]").Message);
    }

    [Fact]
    public void Decode_OneOptionOfTheKind_ReportsWhatThatOneLacks()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Ruled(schema.Text, new Rule { MinLength = 3 }), schema.Null, schema.Object(Field("a", schema.Number))));

        Assert.Equal("length too short (got 2, expected at least 3)", harness.Reject("\"ab\"").Message);
        Assert.Equal("/v/a", harness.Reject("{\"a\":\"\"}").Path);
    }

    [Fact]
    public void Decode_SeveralObjects_TakesTheFirstThatFits()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Object(Field("kind", schema.Literal("a")), Field("x", schema.Number)),
            schema.Object(Field("kind", schema.Literal("b")), Field("y", schema.ArrayOf(schema.Text)))));

        Assert.Equal("{\"kind\":\"a\",\"x\":1}", harness.Accept("{\"kind\":\"a\",\"x\":1,\"y\":[]}"));
        Assert.Equal("{\"kind\":\"b\",\"y\":[\"1\"]}", harness.Accept("{\"kind\":\"b\",\"x\":1,\"y\":[\"1\"]}"));
        Assert.Equal("{\"y\":[\"1\"],\"kind\":\"b\"}", harness.Accept("{\"y\":[\"1\"],\"x\":1,\"kind\":\"b\"}"));
        Assert.Equal("type", harness.Reject("{\"kind\":\"c\",\"x\":1}").Rule);
        Assert.Equal("type", harness.Reject("{\"kind\":\"b\",\"y\":[1]}").Rule);
    }

    [Theory]
    [InlineData("{\"kind\":\"b\",\"y\":[1,2]}", "/v/y/0 invalid type: integer `1`, expected a string (kind \"b\")", "/v/y/1 invalid type: integer `2`, expected a string (kind \"b\")")]
    [InlineData("{\"kind\":\"b\"}", "/v/y missing field y (kind \"b\")")]
    [InlineData("{\"x\":\"\",\"kind\":\"a\"}", "/v/x invalid type: string \"\", expected a number (kind \"a\")")]
    [InlineData("{\"kind\":\"c\",\"x\":1}", "/v/kind invalid type: string \"c\", expected \"a\" or \"b\"")]
    [InlineData("{\"kind\":null,\"x\":1}", "/v/kind invalid type: null, expected \"a\" or \"b\"")]
    [InlineData("{}", "/v/kind missing field kind")]
    [InlineData("5", "/v invalid type: integer `5`, expected a JSON object")]
    public void Decode_TaggedObjectThatDoesNotFit_ReportsItsBranch(string json, params string[] violations)
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Object(Field("kind", schema.Literal("a")), Field("x", schema.Number)),
            schema.Object(Field("kind", schema.Literal("b")), Field("y", schema.ArrayOf(schema.Text)))));

        var failure = harness.RejectBody($"{{\"v\":{json}}}");

        Assert.Equal(violations, failure.Violations.Select(violation => $"{violation.Path} {violation.Message}"));
    }

    [Fact]
    public void Decode_AfterAUnionThatFails_PathsAreRight()
    {
        var harness = DecodeHarness.Value(schema => schema.ArrayOf(schema.Union(
            schema.Object(Field("a", schema.Object(Field("b", schema.ArrayOf(schema.Number))))), schema.Object(Field("c", schema.Number)))));

        var failure = harness.RejectBody("""{"v":[{"a":{"b":[1,"x"]}},{"c":"x"},{"c":1},{"a":1}]}""");

        Assert.Equal(["/v/0/a/b/1", "/v/1/c", "/v/3/a"], failure.Violations.Select(violation => violation.Path));
    }

    [Fact]
    public void Decode_FailedOption_LeavesNothingBehind()
    {
        var harness = DecodeHarness.Value(schema => schema.ArrayOf(schema.Union(
            schema.Object(Field("long", schema.RecordOf(schema.Any)), Field("z", schema.Number)),
            schema.Object(Field("long", schema.Any)))));
        var members = string.Join(',', Enumerable.Range(0, 500).Select(index => $"\"k{index}\":{{\"a\":1}}"));
        var element = $"{{\"long\":{{{members}}}}}";

        Assert.Equal($"[{element},{element}]", harness.Accept($"[{element},{element}]"));
    }

    [Fact]
    public void Decode_DuplicateAfterAFailedOption_IsStillFound()
    {
        // The failed option leaves the names of its open objects behind.
        var harness = DecodeHarness.Value(schema => schema.RecordOf(schema.Union(
            schema.Object(Field("a", schema.RecordOf(schema.Number))), schema.Any)));
        var failing = "{\"a\":{" + string.Join(',', Enumerable.Range(0, 40).Select(index => $"\"n{index}\":{(index == 39 ? "true" : "1")}")) + "}}";
        var members = Enumerable.Range(0, 100).Select(index => $"\"k{index}\":{failing}").ToList();

        Assert.NotNull(harness.Accept($"{{{string.Join(',', members)}}}"));
        Assert.Equal("/v/k3", harness.Reject($"{{{string.Join(',', members)},\"k3\":1}}").Path);
    }

    [Fact]
    public void Decode_WideObjectInAFailedOption_KeepsTheOuterFields()
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var number = schema.Number;
            var wide = schema.Object([.. Enumerable.Range(0, 100).Select(index => Field($"w{index}", number))]);
            var union = schema.Union(wide, schema.Any);
            return schema.Object([.. Enumerable.Range(0, 100).Select(index => Field($"f{index}", union))]);
        });
        var members = Enumerable.Range(0, 100).Select(index => $"\"f{index}\":{{\"w3\":1,\"w99\":true}}").ToList();

        Assert.Equal($"{{{string.Join(',', members)}}}", harness.AcceptBody($"{{{string.Join(',', members)}}}"));
        Assert.Equal("duplicate", Assert.Single(harness.RejectBody($"{{{string.Join(',', members)},\"f5\":1}}").Violations).Rule);
    }

    [Fact]
    public void Decode_SyntaxErrorInsideAnOption_IsReportedAsThat()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Number))));

        Assert.Equal("syntax", harness.Reject("{\"a\":01}").Rule);
    }

    [Fact]
    public void Decode_LiteralsAndTheirType_AreOne()
    {
        var harness = DecodeHarness.Value(schema => schema.Union(
            schema.Literal("a"), schema.Literal("b"), schema.Literal(1), schema.Literal(false), schema.Null));

        foreach (var json in new[] { "\"a\"", "\"b\"", "1", "1.0", "false", "null" })
        {
            Assert.Equal(json, harness.Accept(json));
        }

        foreach (var json in new[] { "\"c\"", "2", "true", "[]" })
        {
            Assert.Equal("type", harness.Reject(json).Rule);
        }
    }

    [Fact]
    public void Decode_RecursiveUnion_IsBoundedInWork()
    {
        // Each level may be read in two ways, and only the last byte tells that neither fits.
        var harness = DecodeHarness.Value(schema =>
        {
            var number = schema.Number;
            return schema.Recursive(self => new TypeSchema
            {
                Union = new UnionShape
                {
                    Options =
                    {
                        schema.Object(Optional("next", self), Field("a", number)), schema.Object(Optional("next", self), Field("b", number)),
                    },
                },
            });
        });
        var hostile = string.Concat(Enumerable.Repeat("{\"next\":", 100)) + "{}" + new string('}', 100);
        var watch = Stopwatch.StartNew();

        Assert.Equal(["/v/next", "/v/a"], harness.RejectBody($"{{\"v\":{hostile}}}").Violations.Select(violation => violation.Path));
        var honest = string.Concat(Enumerable.Repeat("{\"next\":", 100)) + "{\"b\":1}" + string.Concat(Enumerable.Repeat(",\"b\":1}", 100));
        Assert.Equal(honest, harness.Accept(honest));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Compile_UnionInAUnion_IsADamagedSchema() =>
        Assert.Throws<Bridge.Core.Decoding.SchemaException>(
            () => DecodeHarness.Value(schema => schema.Union(schema.Text, schema.Union(schema.Number, schema.Null))));
}

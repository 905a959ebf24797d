using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class TupleTests
{
    [Theory]
    [InlineData("[1,\"a\"]", null)]
    [InlineData("[1,\"a\",true]", null)]
    [InlineData("[1]", "/v tuple too short (got 1 elements, expected at least 2)")]
    [InlineData("[]", "/v tuple too short (got 0 elements, expected at least 2)")]
    [InlineData("[1,\"a\",true,null]", "/v tuple too long (got 4 elements, expected at most 3)")]
    [InlineData("[1,\"a\",null]", "/v/2 invalid type: null, expected a boolean")]
    [InlineData("[\"a\",1]", "/v/0 invalid type: string \"a\", expected a number", "/v/1 invalid type: integer `1`, expected a string")]
    [InlineData("{}", "/v invalid type: map, expected a JSON array")]
    [InlineData("[1,\"a\",]", "/v/2 trailing comma at line 1 column 13")]
    public void Decode_ElementsAndOptionalOnes_GoByPosition(string json, params string[]? violations)
    {
        var harness = DecodeHarness.Value(schema => schema.Tuple([schema.Number, schema.Text], [schema.Boolean]));

        Verify(harness, json, violations);
    }

    [Theory]
    [InlineData("[1]", null)]
    [InlineData("[1,\"a\",\"b\"]", null)]
    [InlineData("[1,\"a\",2]", "/v/2 invalid type: integer `2`, expected a string")]
    public void Decode_Rest_TakesAnyNumber(string json, params string[]? violations) =>
        Verify(DecodeHarness.Value(schema => schema.Tuple([schema.Number], rest: schema.Text)), json, violations);

    [Theory]
    [InlineData("[1,true]", null)]
    [InlineData("[1,\"a\",\"b,]\",true]", null)]
    [InlineData("[1]", "/v tuple too short (got 1 elements, expected at least 2)")]
    [InlineData("[1,\"a\"]", "/v/1 invalid type: string \"a\", expected a boolean")]
    [InlineData("[1,true,true]", "/v/1 invalid type: boolean `true`, expected a string")]
    public void Decode_Trailing_AreTheLast(string json, params string[]? violations) =>
        Verify(DecodeHarness.Value(schema => schema.Tuple([schema.Number], rest: schema.Text, trailing: [schema.Boolean])), json, violations);

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[1]", "/v tuple too long (got 1 elements, expected exactly 0)")]
    public void Decode_EmptyTuple_TakesNothing(string json, params string[]? violations) =>
        Verify(DecodeHarness.Value(schema => schema.Tuple([])), json, violations);

    [Fact]
    public void Decode_TrailingInDeepNesting_IsLinear()
    {
        // Each level counts its elements before it decodes them.
        var harness = DecodeHarness.Value(schema => schema.Recursive(self => new Bridge.Core.Schema.TypeSchema
        {
            Tuple = new() { Rest = self, Trailing = { new Bridge.Core.Schema.TupleElement { Type = schema.Number } } },
        }));
        var wide = string.Join(',', Enumerable.Repeat("[1]", 100_000));
        var json = string.Concat(Enumerable.Repeat("[", 30)) + wide + string.Concat(Enumerable.Repeat(",1]", 30));

        Assert.Equal(json, harness.Accept(json));
    }

    [Fact]
    public void Compile_RequiredAfterOptional_IsADamagedSchema()
    {
        Assert.Throws<Bridge.Core.Decoding.SchemaException>(() => DecodeHarness.Value(schema =>
        {
            var number = schema.Number;
            return schema.Recursive(_ => new Bridge.Core.Schema.TypeSchema
            {
                Tuple = new()
                {
                    Elements =
                    {
                        new Bridge.Core.Schema.TupleElement { Type = number, Optional = true }, new Bridge.Core.Schema.TupleElement { Type = number },
                    },
                },
            });
        }));
    }

    [Fact]
    public void Decode_TupleAtTheRoot_IsTheBody()
    {
        var harness = DecodeHarness.Body(schema => schema.Tuple([schema.Number, schema.Text]));

        Assert.Equal("[1,\"a\"]", harness.AcceptBody(" [ 1 , \"a\" ] "));
        Assert.Equal("unable to decode request body: [1]: invalid type: integer `2`, expected a string", harness.RejectBody("[1,2]").Message);
        Assert.Equal("syntax", harness.RejectBody("").Violations[0].Rule);
    }

    private static void Verify(DecodeHarness harness, string json, string[]? violations)
    {
        if (violations is null)
        {
            Assert.Equal(json, harness.Accept(json));
            return;
        }

        Assert.Equal(violations, harness.RejectBody($"{{\"v\":{json}}}").Violations.Select(violation => $"{violation.Path} {violation.Message}"));
    }
}

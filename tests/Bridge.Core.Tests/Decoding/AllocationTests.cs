using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>A valid request costs no managed memory, whatever it holds.</summary>
public sealed class AllocationTests
{
    private sealed class FixedHeaders : IRequestHeaders
    {
        public string? Find(string lowerCaseName) => lowerCaseName == "x-foo" ? "test" : null;
    }

    [Fact]
    public void Decode_BenchmarkRequest_AllocatesNothing() =>
        AssertFree(BenchmarkBodyTests.Harness().Plan, BenchmarkBodyTests.Body, "name=te%20st&excitement=123");

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(2000)]
    public void Decode_AnyNumberOfFields_AllocatesNothing(int count)
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var text = schema.Text;
            return schema.Object([.. Enumerable.Range(0, count).Select(index => Field($"f{index}", text))]);
        });

        AssertFree(harness.Plan, "{" + string.Join(',', Enumerable.Range(0, count).Select(index => $"\"f{index}\":\"é\\n{index}\"")) + "}");
    }

    [Fact]
    public void Decode_EveryKindOfType_AllocatesNothing()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("any", schema.Any), Field("record", schema.RecordOf(schema.Number)), Field("date", schema.Date), Field("big", schema.BigInt),
            Field("decimal", schema.Decimal), Field("bytes", schema.Bytes), Field("enum", schema.Enum("a", "b")),
            Field("union", schema.ArrayOf(schema.Union(
                schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Text)), schema.Null))),
            Field("text", schema.Ruled(
                schema.Text, new Rule { MinLength = 2 }, new Rule { MaxLength = 50 }, new Rule { StartsWith = "a" }, new Rule { Matches = "^[a-z\n@.]+$" },
                new Rule { Is = Format.Email })),
            Field("number", schema.Ruled(schema.Number, new Rule { Min = 0.5 })), Optional("list", schema.Ruled(schema.ArrayOf(schema.Number), new Rule { MinLength = 1 }))));

        AssertFree(
            harness.Plan,
            """
            {"any":{"a":[1,{"b":"\u00e9"}],"c":null},"dropped":{"x":1,"y":[2]},"record":{"k1":1,"k2":2,"k\u0033":3},"date":"2024-01-01T00:00:00Z",
             "big":12345678901234567890,"decimal":1.5,"bytes":"AAAA","enum":"b","union":[{"b":"x"},{"a":1},null],"text":"abc@de.fg","number":1e0,"list":[1]}
            """);
    }

    [Theory]
    [InlineData("tagged", """[{"x":1,"kind":"a"},{"y":[1,{"b":"\u0061"},[2]],"kind":2.0}]""")]
    [InlineData("tuple", """[1,"a","b",true]""")]
    [InlineData("map", """[[1,"2024-01-01T00:00:00Z"],["02","2024-01-01T00:00:00Z"]]""")]
    [InlineData("pattern", """{"x-1":5,"other":"x"}""")]
    [InlineData("nested", """{"a":{"q":1},"c":1}""")]
    [InlineData("looks", "\"abc1de\"")]
    [InlineData("number", "19.99")]
    [InlineData("decimal", "\"99.989\"")]
    [InlineData("id", "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"")]
    public void Decode_ShapesThatLookAheadOrBack_AllocateNothing(string name, string json)
    {
        var harness = DecodeHarness.Value(schema => name switch
        {
            "tagged" => schema.ArrayOf(schema.Union(
                schema.Object(Field("x", schema.Number), Field("kind", schema.Literal("a"))), schema.Object(Field("y", schema.SetOf(schema.Any)), Field("kind", schema.Literal(2))))),
            "tuple" => schema.Tuple([schema.Number], rest: schema.Text, trailing: [schema.Boolean]),
            "map" => schema.MapOf(schema.BigInt, schema.Date),
            "pattern" => schema.PatternObject(
                [(schema.Ruled(schema.Text, new Rule { Matches = "^x-\\w+$" }), schema.Number)], schema.Text, Defaulted("d", schema.Number, "1")),
            "nested" => schema.Union(schema.Object(Field("a", Inner(schema)), Field("b", schema.Number)), schema.Object(Field("a", Inner(schema)), Field("c", schema.Number))),
            "looks" => schema.Ruled(schema.Text, new Rule { Matches = "^(?=.*\\d)(?!.*(.)\\1)\\b\\w+$" }),
            "number" => schema.Ruled(schema.Number, new Rule { MultipleOf = 0.01 }, new Rule { Integer = false }, new Rule { Lower = new Bound { Number = 0, Exclusive = true } }),
            "decimal" => schema.Ruled(schema.Decimal, new Rule { Upper = new Bound { Text = "99.99" } }),
            _ => schema.Ruled(schema.Text, new Rule { Is = Format.Uuid }),
        });

        AssertFree(harness.Plan, $"{{\"v\":{json}}}");

        static uint Inner(SchemaBuilder schema) => schema.Union(schema.Object(Field("p", schema.Number)), schema.Object(Field("q", schema.Number)));
    }

    private static void AssertFree(RequestPlan plan, string body, string query = "")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var headers = new FixedHeaders();
        using var output = new PooledBuffer(bytes.Length * 2);
        var before = 0L;
        for (var round = 0; round < 50; round++)
        {
            // The first rounds warm caches and grow buffers.
            before = round == 40 ? GC.GetAllocatedBytesForCurrentThread() : before;
            output.Truncate(0);
            var failure = plan.Decode(new RequestParts { Body = bytes, Query = query, Headers = headers }, output);
            if (failure is not null)
            {
                Assert.Fail(failure.Message);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

using System.Diagnostics;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>Sets, maps, and arrays whose elements must differ.</summary>
public sealed class CollectionTests
{
    [Theory]
    [InlineData("[]", null)]
    [InlineData("[1,2,3]", null)]
    [InlineData("[1,2,1.0]", "/v/2")]
    [InlineData("[0,-0]", "/v/1")]
    [InlineData("[\"a\",\"\\u0061\"]", "/v/1")]
    [InlineData("[1,\"1\"]", null)]
    [InlineData("[{\"a\":1,\"b\":[2]},{\"b\":[2.0],\"a\":1e0}]", "/v/1")]
    [InlineData("[{\"a\":1},{\"b\":1},{\"a\":2},{}]", null)]
    [InlineData("[[1,2],[2,1]]", null)]
    [InlineData("[null,false,0,\"\",[],{}]", null)]
    [InlineData("[1,1,2,2]", "/v/1", "/v/3")]
    [InlineData("[ [ 1 , 2 ], [1,2] ]", "/v/1")]
    public void Decode_Set_HasDistinctElements(string json, params string[]? duplicates)
    {
        foreach (var harness in new[]
        {
            DecodeHarness.Value(schema => schema.SetOf(schema.Any)),
            DecodeHarness.Value(schema => schema.Ruled(schema.ArrayOf(schema.Any), new Rule { UniqueItems = true })),
        })
        {
            var (accepted, failure) = harness.Decode($"{{\"v\":{json}}}");

            Assert.Equal(duplicates is null, accepted is not null);
            Assert.Equal(duplicates ?? [], failure?.Violations.Select(violation => violation.Path) ?? []);
            Assert.All(failure?.Violations ?? [], violation => Assert.Equal("uniqueItems", violation.Rule));
        }
    }

    [Fact]
    public void Decode_SetOfConverted_ComparesWhatTheyAre()
    {
        Assert.Equal("/v/1", DecodeHarness.Value(schema => schema.SetOf(schema.Date)).Reject("[\"2024-01-01T00:00:00Z\",\"2024-01-01T01:00:00+01:00\"]").Path);
        Assert.Equal("/v/1", DecodeHarness.Value(schema => schema.SetOf(schema.BigInt)).Reject("[7,\"007\"]").Path);
        Assert.NotNull(DecodeHarness.Value(schema => schema.SetOf(schema.Union(schema.BigInt, schema.Text))).Accept("[7,\"x\"]"));
    }

    [Fact]
    public void Decode_SetWithABadElement_SaysThatAlone() =>
        Assert.Equal("/v/1", DecodeHarness.Value(schema => schema.SetOf(schema.Number)).Reject("[1,\"x\",1]").Path);

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[[\"a\",1],[\"b\",1]]", null)]
    [InlineData("[[\"a\",1],[\"\\u0061\",2]]", "/v/1 duplicate key of a map")]
    [InlineData("[[\"a\"]]", "/v/0 tuple too short (got 1 elements, expected exactly 2)")]
    [InlineData("[[\"a\",1,2]]", "/v/0 tuple too long (got 3 elements, expected exactly 2)")]
    [InlineData("[[1,1]]", "/v/0/0 invalid type: integer `1`, expected a string")]
    [InlineData("[[\"a\",null]]", "/v/0/1 invalid type: null, expected a number")]
    [InlineData("{\"a\":1}", "/v invalid type: map, expected a JSON array of [key, value] entries")]
    [InlineData("[\"a\"]", "/v/0 invalid type: string \"a\", expected a JSON array")]
    public void Decode_Map_HasEntriesWithDistinctKeys(string json, string? violation)
    {
        var harness = DecodeHarness.Value(schema => schema.MapOf(schema.Text, schema.Number));
        if (violation is null)
        {
            Assert.Equal(json, harness.Accept(json));
        }
        else
        {
            var found = harness.Reject(json);
            Assert.Equal(violation, $"{found.Path} {found.Message}");
        }
    }

    [Fact]
    public void Decode_MapWithABadEntry_SaysWhichOtherKeysAreRepeated()
    {
        var harness = DecodeHarness.Value(schema => schema.MapOf(schema.Text, schema.Number));
        var found = harness.RejectBody("""{"v":[["a",1],["b","x"],["\u0061",2],5,["c",3],["a",4]]}""");
        Assert.Equal(["/v/1/1 type", "/v/3 type", "/v/2 uniqueItems", "/v/5 uniqueItems"], found.Violations.Select(violation => $"{violation.Path} {violation.Rule}"));
    }

    [Fact]
    public void Decode_MapWithKeysOfAnyType_ComparesThem()
    {
        var harness = DecodeHarness.Value(schema => schema.MapOf(schema.Any, schema.Any));

        Assert.Equal("/v/2", harness.Reject("[[{\"a\":[1]},1],[1,{\"a\":[1]}],[{\"a\":[1.0]},2]]").Path);
        Assert.NotNull(harness.Accept("[[1,1],[\"1\",1],[null,1],[[1],1]]"));
    }

    [Fact]
    public void Decode_LengthRules_CountElements()
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.SetOf(schema.Any), new Rule { MinLength = 2 }, new Rule { MaxLength = 3 }));

        Assert.Equal("[1,2]", harness.Accept("[1,2]"));
        Assert.Equal("minLength", harness.Reject("[[1,2,3]]").Rule);
        Assert.Equal("maxLength", harness.Reject("[1,2,3,4]").Rule);
        Assert.Equal("minLength", DecodeHarness.Value(schema => schema.Ruled(schema.MapOf(schema.Any, schema.Any), new Rule { MinLength = 1 })).Reject("[]").Rule);
    }

    [Fact]
    public void Decode_SetInAQuery_TakesRepeatedKeys()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Field("s", schema.SetOf(schema.Number)), Optional("u", schema.Ruled(schema.ArrayOf(schema.Text), new Rule { UniqueItems = true }))));

        Assert.Equal("{\"s\":[1,2],\"u\":[\"a\",\"b\"]}", harness.AcceptQuery("s=1&s=2&u=a&u=b"));
        Assert.Equal("/s/1", Assert.Single(harness.RejectQuery("s=1&s=1.0").Violations).Path);
        Assert.Equal("/u/2", Assert.Single(harness.RejectQuery("s=1&u=a&u=b&u=%61").Violations).Path);
    }

    [Fact]
    public void Decode_ManyElements_IsLinear()
    {
        var harness = DecodeHarness.Value(schema => schema.SetOf(schema.Any));
        var watch = Stopwatch.StartNew();

        Assert.NotNull(harness.Accept($"[{string.Join(',', Enumerable.Range(0, 300_000))}]"));
        Assert.Equal(100, harness.RejectBody($"{{\"v\":[{string.Join(',', Enumerable.Repeat("0", 300_000))}]}}").Violations.Count);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }
}

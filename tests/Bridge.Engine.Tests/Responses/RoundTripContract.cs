using System.Text.Json.Nodes;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Responses;

public sealed class V8RoundTripTests() : RoundTripContract(new V8EngineFactory(), schemas: 400);

public sealed class JintRoundTripTests() : RoundTripContract(new JintEngineFactory(), schemas: 60);

/// <summary>A value that a handler gets and returns comes back as it was sent, whatever its type.</summary>
public abstract class RoundTripContract(IScriptEngineFactory factory, int schemas)
{
    private const int ValuesOfASchema = 8;

    [Fact]
    public async Task Echo_EveryType_GivesBackWhatWasSent()
    {
        var schema = new SchemaBuilder();
        var cases = Cases(schema).Concat(ContainerCases.Of(schema)).ToList();
        await using var isolate = await TypedIsolate.StartAsync(factory, schema, [.. cases.Select(one => one.Type)]);
        for (var i = 0; i < cases.Count; i++)
        {
            foreach (var value in cases[i].Values)
            {
                Assert.Equal(value, await isolate.SendAsync(i, value));
            }
        }
    }

    [Fact]
    public async Task Echo_RandomTypes_GiveBackWhatWasSent()
    {
        var random = new Random(20240501);
        var schema = new SchemaBuilder();
        var types = new RandomTypes(random, schema);
        var cases = Enumerable.Range(0, schemas).Select(_ => types.Next()).ToList();
        await using var isolate = await TypedIsolate.StartAsync(factory, schema, [.. cases.Select(one => one.Type)]);
        for (var i = 0; i < cases.Count; i++)
        {
            for (var n = 0; n < ValuesOfASchema; n++)
            {
                var sent = cases[i].Value();
                var text = sent?.ToJsonString() ?? "null";
                var answer = await isolate.SendAsync(i, text);
                Assert.True(JsonNode.DeepEquals(sent, JsonNode.Parse(answer)), $"type {schema.Application.Types_[(int)cases[i].Type]}\nsent {text}\ngot  {answer}");
            }
        }
    }

    private static IEnumerable<(uint Type, string[] Values)> Cases(SchemaBuilder schema)
    {
        yield return (schema.Text, ["\"\"", "\"ä ✓ 😀\"", "\"\\u0000\\n\\\"\\\\\""]);
        yield return (schema.Number, ["0", "-1.5", "1e+21", "9007199254740991", "5e-324"]);
        yield return (schema.Boolean, ["true", "false"]);
        yield return (schema.Null, ["null"]);
        yield return (schema.Any, ["null", "1", "\"x\"", """{"a":[1,{"b":null}],"__proto__":1}"""]);
        yield return (schema.Date, ["\"1970-01-01T00:00:00.000Z\"", "\"0001-01-01T00:00:00.000Z\"", "\"9999-12-31T23:59:59.999Z\""]);
        yield return (schema.BigInt, ["\"0\"", "\"-12345678901234567890123456789\""]);
        yield return (schema.Bytes, ["\"\"", "\"AQ==\"", "\"AQL/\"", "\"+/+/\""]);
        yield return (schema.Literal("x"), ["\"x\""]);
        yield return (schema.Literal(1.5), ["1.5"]);
        yield return (schema.Literal(value: true), ["true"]);
        yield return (schema.Enum("a", "b"), ["\"a\"", "\"b\""]);
        yield return (schema.ArrayOf(schema.ArrayOf(schema.Date)), ["[]", """[[],["1970-01-01T00:00:00.000Z"]]"""]);
        yield return (schema.RecordOf(schema.BigInt), ["{}", """{"a":"1","__proto__":"2","constructor":"3"}"""]);
        yield return (schema.Nullable(schema.Bytes), ["null", "\"AQ==\""]);
        yield return (
            schema.Object(Field("at", schema.Date), Optional("data", schema.Bytes), Optional("in", schema.Object(Field("big", schema.BigInt)))),
            ["""{"at":"1970-01-01T00:00:00.000Z"}""", """{"at":"1970-01-01T00:00:00.000Z","data":"AQ==","in":{"big":"1"}}"""]);
        yield return (schema.OpenObject(schema.Bytes, Field("n", schema.Number)), ["""{"n":1}""", """{"n":1,"x":"AQ=="}"""]);
        yield return (schema.Union(schema.Date, schema.Number, schema.Text), ["\"1970-01-01T00:00:00.000Z\"", "5", "\"five\""]);
        yield return (
            schema.Union(
                schema.Object(Field("kind", schema.Literal("d")), Field("at", schema.Date)), schema.Object(Field("kind", schema.Literal("b")), Field("at", schema.Bytes))),
            ["""{"kind":"d","at":"1970-01-01T00:00:00.000Z"}""", """{"kind":"b","at":"AQ=="}"""]);
        var bytes = schema.Bytes;
        yield return (
            schema.Recursive(self => new TypeSchema { Object = Shape(Field("b", bytes), Optional("next", self)) }),
            ["""{"b":"","next":{"b":"AQ==","next":{"b":"Ag=="}}}"""]);
    }
}

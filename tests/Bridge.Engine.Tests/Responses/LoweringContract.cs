using System.Text;
using Bridge.Core.Isolates;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Engine.Tests.Isolates;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Responses;

public sealed class V8LoweringTests() : LoweringContract(new V8EngineFactory());

public sealed class JintLoweringTests() : LoweringContract(new JintEngineFactory());

/// <summary>What becomes of values that JSON has no form for.</summary>
public abstract class LoweringContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("new Uint8Array([1, 2, 255])", "\"AQL/\"")]
    [InlineData("new Uint8Array(0)", "\"\"")]
    [InlineData("new Uint8Array([0, 1, 2, 3]).subarray(1, 3)", "\"AQI=\"")]
    [InlineData("new Uint8Array([1, 2, 255]).buffer", "\"AQL/\"")]
    [InlineData("new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 2, 1)", "\"Ag==\"")]
    [InlineData("new Uint16Array([0x0201])", "\"AQI=\"")]
    [InlineData("new (class Buffer extends Uint8Array { toJSON() { return { type: 'Buffer' } } })([1])", "\"AQ==\"")]
    [InlineData("null", "null")]
    [InlineData("'AQL/'", "\"AQL/\"")]
    [InlineData("undefined", null)]
    public async Task Lower_Bytes_BecomeBase64(string value, string? json) => Assert.Equal(json, await LowerAsync(schema => schema.Bytes, value));

    [Theory]
    [InlineData("new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("new Date(NaN)", "null")]
    [InlineData("new (class extends Date { toJSON() { return 'own' } })(0)", "\"own\"")]
    [InlineData("({ toJSON: () => ({ a: 1 }) })", "{\"a\":1}")]
    [InlineData("({ a: 1 })", "{\"a\":1}")]
    [InlineData("'1970'", "\"1970\"")]
    [InlineData("0", "0")]
    [InlineData("null", "null")]
    [InlineData("undefined", null)]
    public async Task Date_IsWhatJsonStringifyWrites(string value, string? json) => Assert.Equal(json, await LowerAsync(schema => schema.Date, value));

    [Fact]
    public async Task DatesOfObjects_StayWhatTheyAre_ForWhoeverKeepsThem() => Assert.Equal(
        """{"before":{"a":"1970-01-01T00:00:00.000Z","hidden":true,"list":["1970-01-01T00:00:00.001Z"]},"after":true}""",
        await LowerAsync(
            schema => schema.Object(
                Field("before", schema.Object(Field("a", schema.Date), Field("list", schema.ArrayOf(schema.Date)))), Field("after", schema.Boolean)),
            "(() => { const before = Object.defineProperty({ a: new Date(0), hidden: true, list: [new Date(1)] }, 'secret', { value: 1 });"
            + "return { before, get after() { return before.a instanceof Date && before.list[0] instanceof Date } } })()"));

    [Theory]
    [InlineData("new Set([1, 2])", "[1,2]")]
    [InlineData("new Set()", "[]")]
    [InlineData("[1, 2]", "[1,2]")]
    [InlineData("null", "null")]
    public async Task Lower_Set_BecomesAnArray(string value, string json) => Assert.Equal(json, await LowerAsync(schema => schema.SetOf(schema.Number), value));

    [Theory]
    [InlineData("new Map([['a', new Uint8Array([1])], ['b', new Uint8Array([2])]])", """[["a","AQ=="],["b","Ag=="]]""")]
    [InlineData("new Map()", "[]")]
    [InlineData("[['a', 1]]", """[["a",1]]""")]
    public async Task Lower_Map_BecomesEntries(string value, string json) => Assert.Equal(json, await LowerAsync(schema => schema.MapOf(schema.Text, schema.Bytes), value));

    [Fact]
    public async Task Lower_KeysAndElements_AreLoweredToo()
    {
        Assert.Equal("""[[{"b":"AQ=="},["Ag=="]]]""", await LowerAsync(
            schema => schema.MapOf(schema.Object(Field("b", schema.Bytes)), schema.SetOf(schema.Bytes)),
            "new Map([[{ b: new Uint8Array([1]) }, new Set([new Uint8Array([2])])]])"));
    }

    [Fact]
    public async Task Lower_Nested_IsFoundWhereverItStands()
    {
        var json = await LowerAsync(
            schema => schema.Object(
                Field("list", schema.ArrayOf(schema.ArrayOf(schema.Bytes))),
                Field("record", schema.RecordOf(schema.SetOf(schema.Text))),
                Field("open", schema.OpenObject(schema.Bytes, Field("n", schema.Number))),
                Field("tuple", schema.Tuple([schema.Text, schema.Bytes])),
                Optional("none", schema.Bytes), Optional("undefined", schema.Bytes),
                Field("date", schema.Date), Field("big", schema.BigInt)),
            """
            ({ list: [[new Uint8Array([1])], []], record: { a: new Set(['x']), ['__proto__']: new Set(['y']) }, open: { n: 1, b: new Uint8Array([2]) },
               tuple: ['t', new Uint8Array([3])], undefined: undefined, date: new Date(0), big: 5n, undeclared: 1 })
            """);
        Assert.Equal(
            """{"list":[["AQ=="],[]],"record":{"a":["x"],"__proto__":["y"]},"open":{"n":1,"b":"Ag=="},"tuple":["t","Aw=="],"date":"1970-01-01T00:00:00.000Z","big":"5","undeclared":1}""",
            json);
    }

    [Fact]
    public async Task Lower_Unions_TellByTheValue()
    {
        var json = await LowerAsync(
            schema => schema.ArrayOf(schema.Union(
                schema.Bytes, schema.SetOf(schema.Bytes), schema.Date, schema.BigInt,
                schema.Object(Field("kind", schema.Literal("a")), Field("data", schema.Bytes)),
                schema.Object(Field("kind", schema.Literal("b")), Field("data", schema.Text)), schema.Null)),
            """
            [new Uint8Array([1]), new Set([new Uint8Array([2])]), new Date(0), 7n, { kind: 'a', data: new Uint8Array([3]) }, { kind: 'b', data: 'text' }, null, 'other']
            """);
        Assert.Equal("""["AQ==",["Ag=="],"1970-01-01T00:00:00.000Z","7",{"kind":"a","data":"Aw=="},{"kind":"b","data":"text"},null,"other"]""", json);
    }

    [Fact]
    public async Task Lower_RecursiveType_IsFollowed()
    {
        var json = await LowerAsync(
            schema =>
            {
                var bytes = schema.Bytes;
                return schema.Recursive(self => new TypeSchema { Object = Shape(Field("b", bytes), Optional("next", self)) });
            },
            "({ b: new Uint8Array([1]), next: { b: new Uint8Array([2]), next: null } })");
        Assert.Equal("""{"b":"AQ==","next":{"b":"Ag==","next":null}}""", json);
    }

    [Fact]
    public async Task Lower_ObjectsWithToJson_AreAskedFirst()
    {
        var json = await LowerAsync(
            schema => schema.Object(Field("b", schema.Bytes)), "new (class { toJSON() { return { b: new Uint8Array([1]), own: true } } })()");
        Assert.Equal("""{"b":"AQ==","own":true}""", json);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("toString")]
    [InlineData("quo\"te\\ \n\u2028</script>")]
    [InlineData("`${x}`")]
    [InlineData("")]
    public async Task Lower_UnusualNames_AreQuotedAndNeverInherited(string name)
    {
        var quoted = System.Text.Json.JsonSerializer.Serialize(name);
        Assert.Equal("{}", await LowerAsync(schema => schema.Object(Optional(name, schema.Bytes)), "({})"));
        Assert.Equal(
            [name, "AQ=="],
            System.Text.Json.Nodes.JsonNode.Parse((await LowerAsync(schema => schema.Object(Optional(name, schema.Bytes)), $"({{ [{quoted}]: new Uint8Array([1]) }})"))!)!
                .AsObject().SelectMany(pair => new[] { pair.Key, pair.Value!.GetValue<string>() }));
    }

    [Fact]
    public async Task Lower_WhatTheHandlerReturned_StaysAsItIs()
    {
        await using var isolate = await StartAsync(
            schema => schema.Object(Field("list", schema.ArrayOf(schema.Bytes)), Field("in", schema.Object(Field("set", schema.SetOf(schema.Number)))), Field("plain", schema.Any)),
            "() => value",
            """
            const value = Object.freeze({ list: Object.freeze([new Uint8Array([1])]), in: Object.freeze({ set: new Set([1]) }), plain: {} });
            """);
        var first = await isolate.CallAsync("run");
        Assert.Equal(new Answer(AnswerKind.Value, """{"list":["AQ=="],"in":{"set":[1]},"plain":{}}"""), first);
        Assert.Equal(first, await isolate.CallAsync("run"));
    }

    [Theory]
    [InlineData("async () => new Uint8Array([1])")]
    [InlineData("async () => { await null; return new Uint8Array([1]) }")]
    [InlineData("() => new Promise((resolve) => setTimeout(() => resolve(new Uint8Array([1])), 2))")]
    [InlineData("() => ({ then(resolve) { resolve(new Uint8Array([1])) } })")]
    public async Task Lower_PromisedAnswers_AreLowered(string handler)
    {
        await using var isolate = await StartAsync(schema => schema.Bytes, handler);
        Assert.Equal(new Answer(AnswerKind.Value, "\"AQ==\""), await isolate.CallAsync("run"));
    }

    [Theory]
    [InlineData("() => { throw new Error('mine') }", "mine")]
    [InlineData("async () => { throw new Error('mine') }", "mine")]
    [InlineData("() => { const a = { b: new Uint8Array(1) }; a.next = a; return a }", "\"TypeError\"")]
    [InlineData("() => { let a = {}; for (let i = 0; i < 2_000; i++) a = { next: a }; return a }", "nested more than 1000 levels deep")]
    [InlineData("() => ({ get b() { throw new Error('mine') } })", "mine")]
    public async Task Lower_HandlersThatFail_FailAlone(string handler, string message)
    {
        await using var isolate = await StartAsync(
            schema =>
            {
                var bytes = schema.Bytes;
                return schema.Recursive(self => new TypeSchema { Object = Shape(Optional("b", bytes), Optional("next", self)) });
            },
            handler);
        var answer = await isolate.CallAsync("run");
        Assert.Equal(AnswerKind.Error, answer.Kind);
        Assert.Contains(message, answer.Json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Compile_NothingToLower_HasNoLowerer()
    {
        Assert.Null(Plan(schema => schema.Object(Field("big", schema.BigInt), Field("text", schema.Text), Field("any", schema.Any))).Lowerer);
        Assert.Null(Plan(schema => schema.Recursive(self => new TypeSchema { Object = Shape(Optional("next", self)) })).Lowerer);
    }

    private async Task<string?> LowerAsync(Func<SchemaBuilder, uint> type, string value)
    {
        await using var isolate = await StartAsync(type, $"() => ({value})");
        var answer = await isolate.CallAsync("run");
        Assert.True(answer.Kind == AnswerKind.Value, answer.Json);
        return answer.Json.Length == 0 ? null : answer.Json;
    }

    private async Task<TestIsolate> StartAsync(Func<SchemaBuilder, uint> type, string handler, string module = "")
    {
        var isolate = await TestIsolate.StartEmptyAsync(factory);
        await isolate.LoadAsync(new Dictionary<string, string> { ["run"] = handler }, module, Plan(type).Lowerer);
        return isolate;
    }

    private static ResponsePlan Plan(Func<SchemaBuilder, uint> type)
    {
        var schema = new SchemaBuilder();
        return ResponsePlan.Compile(schema.Application, schema.Endpoint(response: type(schema)));
    }
}

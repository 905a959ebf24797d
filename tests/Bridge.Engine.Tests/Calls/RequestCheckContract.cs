using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8RequestCheckTests() : RequestCheckContract(new V8EngineFactory());

public sealed class JintRequestCheckTests() : RequestCheckContract(new JintEngineFactory());

/// <summary>What a callee in the same isolate gets of the values that its caller passes.</summary>
public abstract class RequestCheckContract(IScriptEngineFactory factory)
{
    private const string Refused = "unable to decode request body: v: ";

    [Fact]
    public Task Check_Scalars_AreOfTheirTypeAlone() => TableAsync(
        (schema => schema.Text, "'x'", "\"x\""),
        (schema => schema.Text, "5", "invalid type: integer `5`, expected a string"),
        (schema => schema.Text, "new String('x')", "invalid type: map, expected a string"),
        (schema => schema.Text, "() => 1", "invalid type: function, expected a string"),
        (schema => schema.Text, "Symbol('s')", "invalid type: symbol, expected a string"),
        (schema => schema.Number, "1.5", "1.5"),
        (schema => schema.Number, "'1'", "invalid type: string \"1\", expected a number"),
        (schema => schema.Number, "NaN", "invalid type: floating point `NaN`, expected a number"),
        (schema => schema.Number, "-Infinity", "invalid type: floating point `-Infinity`, expected a number"),
        (schema => schema.Number, "1n", "invalid type: bigint `1`, expected a number"),
        (schema => schema.Boolean, "true", "true"),
        (schema => schema.Boolean, "0", "invalid type: integer `0`, expected a boolean"),
        (schema => schema.Null, "null", "null"),
        (schema => schema.Null, "0", "invalid type: integer `0`, expected null"),
        (schema => schema.Text, "null", "invalid type: null, expected a string"),
        (schema => schema.Nullable(schema.Text), "null", "null"));

    [Fact]
    public Task Check_Literals_AreTheirValues() => TableAsync(
        (schema => schema.Literal("a"), "'a'", "\"a\""),
        (schema => schema.Literal("a"), "'b'", "expected \"a\", got b"),
        (schema => schema.Literal(1.5), "1.5", "1.5"),
        (schema => schema.Literal(1.5), "2", "invalid type: integer `2`, expected 1.5"),
        (schema => schema.Literal(-1), "-1", "-1"),
        (schema => schema.Literal(value: true), "false", "invalid type: boolean `false`, expected true"),
        (schema => schema.Enum("a", "b"), "'b'", "\"b\""),
        (schema => schema.Enum("a", "b", "c"), "'d'", "invalid type: string \"d\", expected \"a\", \"b\", or \"c\""),
        (schema => schema.Enum([.. Enumerable.Range(0, 12).Select(one => $"n{one}")]), "'n11'", "\"n11\""));

    [Fact]
    public Task Check_ClassesOfTheirOwn_AreAskedForAndCopied() => TableAsync(
        (schema => schema.Date, "new Date(0)", "Date(1970-01-01T00:00:00.000Z)"),
        (schema => schema.Date, "'1970-01-01T00:00:00Z'", "invalid type: string \"1970-01-01T00:00:00Z\", expected a Date"),
        (schema => schema.Date, "new Date(NaN)", "invalid datetime: expected a year from 0 to 9999"),
        (schema => schema.Date, "new Date(253402300800000)", "invalid datetime: expected a year from 0 to 9999"),
        (schema => schema.Date, "Object.create(Date.prototype)", "invalid type: map, expected a Date"),
        (schema => schema.Text, "new Date(0)", "invalid type: Date `1970-01-01T00:00:00.000Z`, expected a string"),
        (schema => schema.BigInt, "12345678901234567890n", "12345678901234567890n"),
        (schema => schema.BigInt, "5", "invalid type: integer `5`, expected a bigint"),
        (schema => schema.BigInt, "'5'", "invalid type: string \"5\", expected a bigint"),
        (schema => schema.BigInt, "10n ** 4096n", "invalid bigint: more than 4096 digits"),
        (schema => schema.Decimal, "new Decimal('1.50')", "Decimal(1.50)"),
        (schema => schema.Decimal, "'1.50'", "invalid type: string \"1.50\", expected a Decimal"),
        (schema => schema.Decimal, "new Decimal('9'.repeat(4097))", "invalid decimal: more than 4096 digits"),
        (schema => schema.Number, "new Decimal('1.50')", "invalid type: Decimal `1.50`, expected a number"),
        (schema => schema.Bytes, "new Uint8Array([1, 2])", "Uint8Array(1,2)"),
        (schema => schema.Bytes, "new Uint8Array([0, 1, 2, 3]).subarray(1, 3)", "Uint8Array(1,2)"),
        (schema => schema.Bytes, "new Uint8Array([1, 2]).buffer", "Uint8Array(1,2)"),
        (schema => schema.Bytes, "new DataView(new Uint8Array([0, 1, 2]).buffer, 1)", "Uint8Array(1,2)"),
        (schema => schema.Bytes, "new Uint16Array([0x0201])", "Uint8Array(1,2)"),
        (schema => schema.Bytes, "new (class Buffer extends Uint8Array {})([7])", "Uint8Array(7)"),
        (schema => schema.ArrayBuffer, "new Uint8Array([1, 2]).buffer", "Buffer(1,2)"),
        (schema => schema.ArrayBuffer, "new Uint8Array([0, 1, 2, 3]).subarray(1, 3)", "Buffer(1,2)"),
        (schema => schema.ArrayBuffer, "[1]", "invalid type: sequence, expected an ArrayBuffer"),
        (schema => schema.Bytes, "'AQ=='", "invalid type: string \"AQ==\", expected a Uint8Array"),
        (schema => schema.Bytes, "[1]", "invalid type: sequence, expected a Uint8Array"));

    [Fact]
    public Task Check_Any_IsWhatJsonMakesOfIt() => TableAsync(
        (schema => schema.Any, "({ a: [1, undefined, () => 1], b: undefined, c: new Date(0), d: 5n, e: NaN, f: new Map([[1, 2]]), __proto__: { g: 1 } })",
            """{"a":[1,null,null],"c":"1970-01-01T00:00:00.000Z","d":"5","e":null,"f":{}}"""),
        (schema => schema.Any, "({ toJSON() { return { x: 1 } } })", """{"x":1}"""),
        (schema => schema.Any, "[new Number(1), new String('s'), -0]", """[1,"s",0]"""),
        (schema => schema.Any, "JSON.parse('{\"__proto__\":1}')", """{"__proto__":1}"""),
        (schema => schema.Any, "() => 1", "invalid type: function, expected any valid JSON value"),
        (schema => schema.ArrayOf(schema.Any), "[undefined, Symbol.iterator, null, 1]", "[null,null,null,1]"));

    [Fact]
    public Task Check_WhatJsonHasNothingFor_IsMissingAndNoViolation() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.OpenObject(schema.Any, Optional("any", schema.Any), Optional("list", schema.ArrayOf(schema.Any)), Optional("n", schema.Number)));
        Assert.Equal("""{"list":[null]}""", request.Check("{ any: () => 1, other: Symbol('s'), list: [() => 1] }"));
        Assert.Equal(
            """{"violations":[{"in":"body","path":"/n","rule":"type","message":"invalid type: string \"x\", expected a number","expected":"a number","got":"\"x\""}]}""",
            request.Details("{ any: () => 1, other: Symbol('s'), list: [() => 1], n: 'x' }"));
    });

    [Fact]
    public Task Check_Lists_AreCopiedElementByElement() => TableAsync(
        (schema => schema.ArrayOf(schema.Number), "[1, 2]", "[1,2]"),
        (schema => schema.ArrayOf(schema.Number), "new Set([1])", "invalid type: Set, expected a JSON array"),
        (schema => schema.ArrayOf(schema.Number), "({ length: 0 })", "invalid type: map, expected a JSON array"),
        (schema => schema.ArrayOf(schema.Nullable(schema.Number)), "[1, undefined]", "[1,null]"),
        (schema => schema.SetOf(schema.Text), "new Set(['a', 'b'])", "Set(\"a\",\"b\")"),
        (schema => schema.SetOf(schema.Text), "['a']", "invalid type: sequence, expected a Set"),
        (schema => schema.SetOf(schema.Text), "Object.create(Set.prototype)", "invalid type: map, expected a Set"),
        (schema => schema.MapOf(schema.Text, schema.Date), "new Map([['a', new Date(0)]])", "Map(\"a\"=>Date(1970-01-01T00:00:00.000Z))"),
        (schema => schema.MapOf(schema.Text, schema.Number), "({ a: 1 })", "invalid type: map, expected a Map"),
        (schema => schema.Tuple([schema.Text], optional: [schema.Number]), "['a']", "[\"a\"]"),
        (schema => schema.Tuple([schema.Text], optional: [schema.Number]), "['a', undefined]", "[\"a\"]"),
        (schema => schema.Tuple([schema.Text], optional: [schema.Number]), "[]", "tuple too short (got 0 elements, expected at least 1)"),
        (schema => schema.Tuple([schema.Text]), "['a', 1]", "tuple too long (got 2 elements, expected exactly 1)"),
        (schema => schema.Tuple([schema.Text], rest: schema.Number, trailing: [schema.Boolean]), "['a', 1, 2, true]", "[\"a\",1,2,true]"));

    [Fact]
    public Task Check_Lists_NameThePlace() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        string Message(uint type, string value) => scripts.Request(schema.Object(Field("v", type))).Check($"{{ v: {value} }}");
        Assert.Equal("unable to decode request body: v[1]: invalid type: string \"x\", expected a number", Message(schema.ArrayOf(schema.Number), "[1, 'x']"));
        Assert.Equal("unable to decode request body: v[1]: invalid type: string \"x\", expected a number", Message(schema.SetOf(schema.Number), "new Set([1, 'x'])"));
        Assert.Equal("unable to decode request body: v[0][1]: invalid type: string \"x\", expected a number", Message(schema.MapOf(schema.Text, schema.Number), "new Map([['k', 'x']])"));
        Assert.Equal("unable to decode request body: v[1]: duplicate element of a set", Message(schema.SetOf(schema.RecordOf(schema.Number)), "new Set([{ a: 1, b: 2 }, { b: 2, a: 1 }])"));
        Assert.Equal("unable to decode request body: v[1]: duplicate key of a map", Message(schema.MapOf(schema.Date, schema.Number), "new Map([[new Date(0), 1], [new Date(0), 2]])"));
    });

    [Fact]
    public Task Check_Objects_KeepDeclaredFieldsAlone() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.Object(
            Field("id", schema.Number), Optional("name", schema.Text), Defaulted("tags", schema.ArrayOf(schema.Text), "[\"new\"]"), Defaulted("at", schema.Date, "\"1970-01-01T00:00:00Z\""),
            Defaulted("size", schema.Number, "7"), Field("in", schema.Object(Optional("x", schema.Nullable(schema.Number))))));
        Assert.Equal("""{"at":Date(1970-01-01T00:00:00.000Z),"id":1,"in":{},"size":7,"tags":["new"]}""", request.Check("{ id: 1, in: { y: 1 }, other: 2, name: undefined }"));
        Assert.Equal(
            """{"at":Date(1970-01-01T00:00:00.001Z),"id":1,"in":{"x":null},"name":"n","size":8,"tags":[]}""",
            request.Check("{ id: 1, in: { x: null }, name: 'n', tags: [], at: new Date(1), size: 8 }"));
        Assert.Equal("unable to decode request body: name: invalid type: null, expected a string", request.Check("{ id: 1, in: {}, name: null }"));
        Assert.Equal("unable to decode request body: missing fields `id` and `in`", request.Check("{}"));
        Assert.Equal("unable to decode request body: missing fields `id` and `in`", request.Check("undefined"));
        Assert.Equal("unable to decode request body: missing field id", request.Check("{ id: undefined, in: {} }"));
        Assert.Equal("unable to decode request body: invalid type: null, expected a JSON object", request.Check("null"));
        Assert.Equal("unable to decode request body: invalid type: sequence, expected a JSON object", request.Check("[]"));
    });

    [Fact]
    public Task Check_DefaultOfALists_IsMadeAnewForEachCall() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        scripts.Request(schema.Object(Defaulted("tags", schema.ArrayOf(schema.Text), "[\"new\"]")));
        Assert.Equal("[\"new\"]", scripts.Run("{ requests[0]({}).value.tags.push('other'); return inspect(requests[0]({}).value.tags) }"));
    });

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("toString")]
    [InlineData("quo\"te\\ \n\u2028</script>")]
    [InlineData("`${x}`")]
    [InlineData("")]
    public Task Check_UnusualNames_AreQuotedAndNeverInherited(string name) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var quoted = System.Text.Json.JsonSerializer.Serialize(name);
        var inspected = scripts.Run($"JSON.stringify({quoted})");
        foreach (var (type, missing) in new[] { (schema.Object(Optional(name, schema.Text)), "{}"), (schema.RecordOf(schema.Text), "{}") })
        {
            var request = scripts.Request(type);
            Assert.Equal(missing, request.Check("{}"));
            Assert.Equal($"{{{inspected}:\"x\"}}", request.Check($"{{ [{quoted}]: 'x' }}"));
        }

        Assert.Equal($"{{{inspected}:\"x\"}}", scripts.Request(schema.Object(Field(name, schema.Text))).Check($"{{ [{quoted}]: 'x' }}"));
        Assert.StartsWith("unable to decode request body: missing field", scripts.Request(schema.Object(Field(name, schema.Text))).Check("{}"), StringComparison.Ordinal);
    });

    [Fact]
    public Task Check_Instances_BecomePlainObjects() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.Object(Field("x", schema.Number), Optional("sum", schema.Number)));
        Assert.Equal("""{"sum":3,"x":1}""", request.Check("new Point(1, 2)"));
        Assert.Equal("""{"x":1}""", request.Check("Object.assign(Object.create(null), { x: 1 })"));
        Assert.Equal("""{"x":2}""", request.Check("{ toJSON() { return { x: 2 } } }"));
        Assert.Equal("unable to decode request body: x: invalid type: string \"y\", expected a number", request.Check("{ toJSON() { return { x: 'y' } } }"));
        var open = scripts.Request(schema.RecordOf(schema.Number));
        Assert.Equal("""{"x":1,"y":2}""", open.Check("new Point(1, 2)"));
        Assert.Equal("unable to decode request body: invalid type: Map, expected a JSON object", open.Check("new Map()"));
        Assert.Equal("unable to decode request body: invalid type: Date, expected a JSON object", scripts.Request(schema.Object()).Check("new Date(0)").Replace(" `1970-01-01T00:00:00.000Z`", "", StringComparison.Ordinal));
    });

    [Fact]
    public Task Check_NamesByPattern_DecideTheType() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.PatternObject(
            [(schema.Ruled(schema.Text, new Rule { Matches = "^x-" }), schema.Bytes), (schema.Ruled(schema.Text, new Rule { Matches = "(a+)+$" }), schema.BigInt)], schema.Date, Field("n", schema.Number)));
        Assert.Equal("""{"ba":5n,"d":Date(1970-01-01T00:00:00.000Z),"n":1,"x-a":Uint8Array(1)}""", request.Check("{ n: 1, 'x-a': new Uint8Array([1]), ba: 5n, d: new Date(0) }"));
        Assert.Equal("unable to decode request body: ba: invalid type: integer `5`, expected a bigint", request.Check("{ n: 1, ba: 5 }"));
        var keys = scripts.Request(schema.RecordOf(schema.Text, schema.Number));
        Assert.Equal("""{"1":"a","1.5":"b"}""", keys.Check("{ 1: 'a', 1.5: 'b' }"));
        Assert.Equal("unable to decode request body: x: invalid key, expected a number", keys.Check("{ x: 'a' }"));
        Assert.Equal("""{"a":"x"}""", scripts.Request(schema.RecordOf(schema.Text, schema.Enum("a", "b"))).Check("{ a: 'x' }"));
    });

    private Task TableAsync(params (Func<SchemaBuilder, uint> Type, string Value, string Outcome)[] rows) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        foreach (var (type, value, outcome) in rows)
        {
            var request = scripts.Request(scripts.Schema.Object(Field("v", type(scripts.Schema))));
            var actual = request.Check($"{{ v: {value} }}");
            Assert.Equal($"{value}: {outcome}", $"{value}: {(actual.StartsWith("{\"v\":", StringComparison.Ordinal) ? actual[5..^1] : actual.Replace(Refused, "", StringComparison.Ordinal))}");
        }
    });
}

using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8ResponseCopyTests() : ResponseCopyContract(new V8EngineFactory());

public sealed class JintResponseCopyTests() : ResponseCopyContract(new JintEngineFactory());

/// <summary>What a caller in the same isolate gets of what the callee returns.</summary>
public abstract class ResponseCopyContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("({ at: new Date(0), big: 5n, price: new Decimal('1.50'), other: 1 })", """{"at":Date(1970-01-01T00:00:00.000Z),"big":5n,"price":Decimal(1.50)}""")]
    [InlineData("({ bytes: new Uint8Array([0, 1, 2]).subarray(1), set: new Set([{ a: 1 }]), map: new Map([['k', [1]]]) })", """{"bytes":Uint8Array(1,2),"map":Map("k"=>[1]),"set":Set({"a":1})}""")]
    [InlineData("({ bytes: new Uint8Array([1]).buffer })", """{"bytes":Buffer(1)}""")]
    [InlineData("({ at: undefined, big: () => 1, price: 'not checked', set: null })", """{"price":"not checked","set":null}""")]
    [InlineData("({ nested: { kept: 1, gone: undefined, list: [undefined, 1] } })", """{"nested":{"kept":1,"list":[null,1]}}""")]
    [InlineData("({ nested: new Point(1, 2) })", """{"nested":{"x":1,"y":2}}""")]
    [InlineData("({ nested: { toJSON() { return { a: 1 } } } })", """{"nested":{"a":1}}""")]
    [InlineData("new (class { toJSON() { return { price: 1, other: 2 } } })()", """{"price":1}""")]
    [InlineData("JSON.parse('{\"nested\":{\"__proto__\":{\"a\":1}}}')", """{"nested":{"__proto__":{"a":1}}}""")]
    [InlineData("({})", "{}")]
    [InlineData("undefined", "{}")]
    [InlineData("null", "null")]
    [InlineData("'text'", "\"text\"")]
    public Task Respond_Object_KeepsWhatIsDeclaredAndDefined(string value, string copy) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        scripts.Load(schema.Endpoint(response: schema.Object(
            Optional("at", schema.Date), Optional("big", schema.BigInt), Optional("price", schema.Decimal), Optional("bytes", schema.Bytes),
            Optional("set", schema.SetOf(schema.Any)), Optional("map", schema.MapOf(schema.Text, schema.Any)), Optional("nested", schema.Any))));
        Assert.Equal(copy, scripts.Run($"inspect(responses[0]({value}))"));
    });

    [Fact]
    public Task Respond_OpenTypes_KeepUndeclaredFields() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        scripts.Load(schema.Endpoint(response: schema.RecordOf(schema.Number)));
        scripts.Load(schema.Endpoint(response: schema.PatternObject([(schema.Ruled(schema.Text, new Rule { Matches = "^x-" }), schema.Number)], null, Field("n", schema.Number))));
        scripts.Load(schema.Endpoint(response: schema.ArrayOf(schema.Object(Field("n", schema.Number)))));
        scripts.Load(schema.Endpoint(response: schema.Union(schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Number)), schema.Null)));
        Assert.Equal("""{"a":1,"b":2}""", scripts.Run("inspect(responses[0]({ a: 1, b: 2 }))"));
        Assert.Equal("""{"n":1,"x-a":2}""", scripts.Run("inspect(responses[1]({ n: 1, 'x-a': 2, other: 3 }))"));
        Assert.Equal("""[{"m":2,"n":1}]""", scripts.Run("inspect(responses[2]([{ n: 1, m: 2 }]))"));
        Assert.Equal("""{"a":1,"b":2}""", scripts.Run("inspect(responses[3]({ a: 1, b: 2, c: 3 }))"));
        Assert.Equal("null", scripts.Run("inspect(responses[3](null))"));
    });

    [Fact]
    public Task Compile_NothingThatCrosses_HasNoScripts() => EngineThread.RunAsync(() =>
    {
        var schema = new SchemaBuilder();
        var check = new Core.Calls.ValueChecks(schema.Application).Compile(schema.Endpoint());
        Assert.Equal(new Core.Calls.ValueCheck(null, null), check);
    });
}

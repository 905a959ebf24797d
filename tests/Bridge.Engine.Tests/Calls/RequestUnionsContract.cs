using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8RequestUnionsTests() : RequestUnionsContract(new V8EngineFactory());

public sealed class JintRequestUnionsTests() : RequestUnionsContract(new JintEngineFactory());

/// <summary>Which option of a union a value is, and what is said of one that is none.</summary>
public abstract class RequestUnionsContract(IScriptEngineFactory factory)
{
    [Fact]
    public Task Check_KindsOfTheirOwn_TellOptionsApart() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.ArrayOf(schema.Union(
            schema.Date, schema.BigInt, schema.Text, schema.Decimal, schema.Number, schema.Bytes, schema.SetOf(schema.Number), schema.MapOf(schema.Text, schema.Text), schema.ArrayOf(schema.Text),
            schema.Object(Field("x", schema.Number)), schema.Null)));
        Assert.Equal(
            """[Date(1970-01-01T00:00:00.000Z),5n,"1970-01-01T00:00:00Z",Decimal(1.5),1.5,Uint8Array(1),Set(1),Map("a"=>"b"),["x"],{"x":1},null]""",
            request.Check("[new Date(0), 5n, '1970-01-01T00:00:00Z', new Decimal('1.5'), 1.5, new Uint8Array([1]), new Set([1]), new Map([['a', 'b']]), ['x'], { x: 1, y: 2 }, null]"));
        Assert.Equal("""["text",{"x":2}]""", request.Check("[{ toJSON() { return 'text' } }, { toJSON() { return { x: 2 } } }]"));
        Assert.StartsWith("unable to decode request body: [0]: invalid type: boolean `true`, expected a Date, a bigint, a string, a Decimal, a number,", request.Check("[true]"), StringComparison.Ordinal);
    });

    [Fact]
    public Task Check_Tags_DecideWhoseErrorsAreShown() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var circle = schema.Named("Circle", schema.Object(Field("kind", schema.Literal("circle")), Field("radius", schema.Number)));
        var box = schema.Object(Field("kind", schema.Union(schema.Literal("box"), schema.Literal(2), schema.Null)), Field("side", schema.Date));
        var request = scripts.Request(schema.Union(circle, box));
        Assert.Equal("""{"kind":"circle","radius":1}""", request.Check("{ kind: 'circle', radius: 1, side: 2 }"));
        Assert.Equal("""{"kind":2,"side":Date(1970-01-01T00:00:00.000Z)}""", request.Check("{ kind: 2, side: new Date(0) }"));
        Assert.Equal("unable to decode request body: missing field radius (Circle: kind \"circle\")", request.Check("{ kind: 'circle' }"));
        Assert.Equal("unable to decode request body: side: invalid type: integer `1`, expected a Date (kind \"box\", 2, or null)", request.Check("{ kind: null, side: 1 }"));
        Assert.Equal("unable to decode request body: missing field kind", request.Check("{}"));
        Assert.Equal("unable to decode request body: kind: invalid type: string \"x\", expected \"circle\", \"box\", 2, or null", request.Check("{ kind: 'x' }"));
    });

    [Fact]
    public Task Check_UntaggedObjects_TakeTheFirstThatFits() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.Union(schema.Named("A", schema.Object(Field("a", schema.Number))), schema.Named("B", schema.Object(Field("b", schema.Number), Optional("a", schema.Text)))));
        Assert.Equal("""{"a":1}""", request.Check("{ a: 1, b: 2 }"));
        Assert.Equal("""{"a":"x","b":2}""", request.Check("{ a: 'x', b: 2 }"));
        Assert.Equal("unable to decode request body: a: invalid type: string \"x\", expected a number (A; B: /b missing field b)", request.Check("{ a: 'x' }"));
    });

    [Fact]
    public Task Check_UnionsInUnions_CostNoMoreThanTheyHold() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var (number, text) = (schema.Number, schema.Text);
        var id = schema.Recursive(self =>
        {
            var left = schema.Object(Optional("next", self), Optional("n", number));
            var right = schema.Object(Optional("next", self), Optional("n", text));
            return new TypeSchema { Union = new UnionShape { Options = { left, right } } };
        });
        var request = scripts.Request(id);
        scripts.Run("{ globalThis.nested = (depth, n) => { let v = { n }; for (let i = 0; i < depth; i++) v = { next: v }; return v }; return '' }");
        Assert.StartsWith("{\"next\":", request.Check("nested(100, 'x')"), StringComparison.Ordinal);
        Assert.Contains("no option of the union fits", request.Check("nested(100, true)"), StringComparison.Ordinal);
        Assert.Contains("recursion limit exceeded", request.Check("(() => { const v = {}; v.next = v; return v })()"), StringComparison.Ordinal);
    });
}

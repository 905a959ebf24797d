using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8HostileValuesTests() : HostileValuesContract(new V8EngineFactory());

public sealed class JintHostileValuesTests() : HostileValuesContract(new JintEngineFactory());

/// <summary>Values with code of their own, and values without an end: an error that says what it is, and an isolate that goes on.</summary>
public abstract class HostileValuesContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("{ get n() { throw new Error('mine') } }", "threw Error: mine")]
    [InlineData("{ toJSON() { throw new Error('mine') } }", "threw Error: mine")]
    [InlineData("new Proxy({}, { get() { throw new Error('mine') } })", "threw Error: mine")]
    [InlineData("{ n: 1, any: { get x() { throw new Error('mine') } } }", "threw Error: mine")]
    [InlineData("new Proxy({ n: 1 }, {})", """{"n":1}""")]
    [InlineData("new Proxy({ n: 'x' }, {})", "unable to decode request body: n: invalid type: string \"x\", expected a number")]
    [InlineData("{ get n() { this.read = (this.read ?? 0) + 1; return this.read === 1 ? 'x' : 1 } }", "unable to decode request body: the request could not be checked")]
    [InlineData("{ get n() { this.read = (this.read ?? 0) + 1; return this.read === 1 ? 1 : 'x' } }", """{"n":1}""")]
    public Task Check_CodeOfTheValue_RunsAndFailsAlone(string value, string outcome) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var request = scripts.Request(schema.Object(Field("n", schema.Number), Optional("any", schema.Any)));
        Assert.Equal(outcome, request.Check(value));
        Assert.Equal("""{"n":1}""", request.Check("{ n: 1 }"));
    });

    [Fact]
    public Task Check_RevokedProxy_ThrowsWhatTheLanguageSays() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var request = scripts.Request(scripts.Schema.Object(Field("n", scripts.Schema.Number)));
        Assert.StartsWith("threw TypeError", request.Check("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()"), StringComparison.Ordinal);
        Assert.Equal("""{"n":1}""", request.Check("{ n: 1 }"));
    });

    [Theory]
    [InlineData("v.self = v")]
    [InlineData("v.list = [v]")]
    [InlineData("v.list = []; v.list.push({ list: v.list })")]
    [InlineData("v.map = new Map([['k', v]])")]
    [InlineData("v.set = new Set([v])")]
    [InlineData("v.record = { a: v, b: v }")]
    [InlineData("v.any = v")]
    [InlineData("v.any = []; v.any.push(v.any, v.any)")]
    [InlineData("v.tuple = [v]")]
    public Task Check_CycleInTheValue_IsRefused(string tie) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var (any, text) = (schema.Any, schema.Text);
        var request = scripts.Request(schema.Recursive(self => new TypeSchema
        {
            Object = Shape(
                Optional("self", self), Optional("list", schema.ArrayOf(self)), Optional("map", schema.MapOf(text, self)), Optional("set", schema.SetOf(self)),
                Optional("record", schema.RecordOf(self)), Optional("any", any), Optional("tuple", schema.Tuple([self]))),
        }));
        var message = request.Check($"(() => {{ const v = {{}}; {tie}; return v }})()");
        Assert.StartsWith("unable to decode request body: ", message, StringComparison.Ordinal);
        Assert.EndsWith(": recursion limit exceeded", message, StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"syntax\"", request.Details($"(() => {{ const v = {{}}; {tie}; return v }})()"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public Task Check_Nesting_IsTakenUpToTheDecodersLimit(int inner, bool isTaken) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var request = scripts.Request(scripts.Schema.Recursive(self => new TypeSchema { Array = new ArrayShape { Element = self } }));
        var actual = request.Check($"(() => {{ let v = []; for (let i = 0; i < {inner}; i++) v = [v]; return v }})()");
        Assert.Equal(isTaken, actual.StartsWith('['));
    });

    [Fact]
    public Task Respond_Cycle_IsAnErrorThatSaysSo() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        scripts.Load(scripts.Schema.Endpoint(response: scripts.Schema.Object(Optional("a", scripts.Schema.Any))));
        Assert.Equal(
            "threw RangeError: the answer is nested more than 1000 levels deep",
            scripts.Run("caught(() => { const v = {}; v.a = v; return inspect(responses[0](v)) })"));
        Assert.Equal("threw Error: mine", scripts.Run("caught(() => inspect(responses[0]({ get a() { throw new Error('mine') } })))"));
        Assert.Equal("""{"a":1}""", scripts.Run("inspect(responses[0]({ a: 1 }))"));
    });
}

using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8EngineModulesTests() : EngineModulesContract(new V8EngineFactory());

public sealed class JintEngineModulesTests() : EngineModulesContract(new JintEngineFactory());

/// <summary>Starting a module: it settles exactly once, with what ended it.</summary>
public abstract class EngineModulesContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("say('a'); say('b')", "a b settled")]
    [InlineData("say('a'); export const x = { deep: 1 }; export default 7", "a settled")]
    [InlineData("({ value: 'is no promise' })", "settled")]
    [InlineData("Promise.resolve().then(() => say('microtask')); say('a')", "a microtask settled")]
    [InlineData("say('a'); await null; say('b'); await Promise.resolve(); say('c')", "a b c settled")]
    [InlineData("say(typeof this)", "undefined settled")]
    public Task Module_Ends_SettlesWithoutArguments(string text, string said) => EngineThread.RunAsync(factory, engine =>
        Assert.Equal(said, Sorted(Start(engine, text), said)));

    [Theory]
    [InlineData("throw new TypeError('early')", "TypeError: early")]
    [InlineData("await null; throw new TypeError('late')", "TypeError: late")]
    [InlineData("await Promise.reject(new TypeError('refused'))", "TypeError: refused")]
    [InlineData("throw 'text'", "text")]
    [InlineData("throw null", "null")]
    [InlineData("throw undefined", "undefined")]
    [InlineData("await null; throw undefined", "undefined")]
    [InlineData("notDefined()", "ReferenceError: notDefined is not defined")]
    public Task Module_Throws_SettlesWithWhatWasThrown(string text, string error) => EngineThread.RunAsync(factory, engine =>
    {
        Assert.Equal($"failed {error}", Start(engine, text));
        EngineErrorsContract.AssertUsable(engine);
    });

    [Fact]
    public Task Module_AwaitsForLong_SettlesInALaterCall() => EngineThread.RunAsync(factory, engine =>
    {
        Assert.Equal("before", Start(engine, "say('before'); await new Promise((resolve) => { globalThis.go = resolve }); say('after')"));
        using var go = engine.GetFunction("() => go()");
        go.Invoke();
        Assert.Equal("before after settled", Said(engine));
    });

    [Theory]
    [InlineData("import fs from 'node:fs'; say('never')", "node:fs")]
    [InlineData("import './other.js'; say('never')", "./other.js")]
    [InlineData("export * from 'pkg'; say('never')", "pkg")]
    [InlineData("await import('node:fs'); say('never')", "node:fs")]
    public Task Module_ImportsAnything_IsRefusedByName(string text, string specifier) => EngineThread.RunAsync(factory, engine =>
    {
        var said = Start(engine, text);
        Assert.Contains($"Cannot import '{specifier}'", said, StringComparison.Ordinal);
        Assert.StartsWith("failed ", said, StringComparison.Ordinal);
        EngineErrorsContract.AssertUsable(engine);
    });

    [Fact]
    public Task Import_InAFunction_RejectsAndCanBeCaught() => EngineThread.RunAsync(factory, engine =>
    {
        Assert.Equal("", Start(engine, "globalThis.load = () => import('pkg').catch((error) => say(error.message)); await new Promise(() => {})"));
        using var load = engine.GetFunction("() => { load() }");
        load.Invoke();
        Assert.Contains("Cannot import 'pkg'", Said(engine), StringComparison.Ordinal);
    });

    [Fact]
    public Task Module_ThatDoesNotParse_ThrowsWithThePosition() => EngineThread.RunAsync(factory, engine =>
    {
        var thrown = Assert.Throws<ScriptException>(() => Start(engine, "export const a = 1;\nexport const b = ;"));
        Assert.StartsWith("SyntaxError: Unexpected token ';'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("app.js:2:18", thrown.ScriptStack, StringComparison.Ordinal);
        Assert.Equal("", Said(engine));
    });

    [Fact]
    public Task Module_Throws_StackNamesTheFile() => EngineThread.RunAsync(factory, engine =>
    {
        Start(engine, "\n\nfunction inner() { globalThis.stack = new Error('x').stack }\ninner()");
        using var stack = engine.GetFunction("() => stack");
        Assert.Contains("inner (app.js:3:", stack.Invoke().AsText(), StringComparison.Ordinal);
    });

    [Fact]
    public Task Execute_Microtasks_HaveRunWhenItReturns() => EngineThread.RunAsync(factory, engine =>
    {
        engine.Execute(new ScriptSource("a.js", "globalThis.order = []; (async () => { for (let i = 0; i < 5; i++) { await null; order.push(i) } })(); order.push('sync')"));
        using var order = engine.GetFunction("() => order.join()");
        Assert.Equal("sync,0,1,2,3,4", order.Invoke().AsText());
    });

    [Fact]
    public Task Invoke_Microtasks_HaveRunWhenItReturns() => EngineThread.RunAsync(factory, engine =>
    {
        var ran = 0;
        engine.DefineHost("host", [new HostFunction("ran", _ => ScriptValue.From(++ran))]);
        using var start = engine.GetFunction("() => { Promise.resolve().then(() => Promise.resolve()).then(() => host.ran()) }");
        start.Invoke();
        Assert.Equal(1, ran);
    });

    [Fact]
    public Task Rejection_ThatNobodyHandles_EndsNothing() => EngineThread.RunAsync(factory, engine =>
    {
        engine.Execute(new ScriptSource("a.js", "Promise.reject(new Error('unheard'))"));
        EngineErrorsContract.AssertUsable(engine);
    });

    private static string Start(IScriptEngine engine, string text)
    {
        engine.Execute(new ScriptSource("prepare.js", "globalThis.said = []; globalThis.say = (word) => void said.push(word)"));
        using var settled = engine.GetFunction("(...errors) => say(errors.length === 0 ? 'settled' : `failed ${errors[0]}`)");
        engine.StartModule(new ScriptSource("app.js", text), settled);
        return Said(engine);
    }

    private static string Said(IScriptEngine engine)
    {
        using var said = engine.GetFunction("() => said.join(' ')");
        return said.Invoke().AsText();
    }

    // Whether a module without awaits settles before or after its own microtasks is the engine's affair.
    private static string Sorted(string said, string expected) =>
        said.Split(' ').Order(StringComparer.Ordinal).SequenceEqual(expected.Split(' ').Order(StringComparer.Ordinal), StringComparer.Ordinal)
            && said.IndexOf("a b", StringComparison.Ordinal) == expected.IndexOf("a b", StringComparison.Ordinal) ? expected : said;
}

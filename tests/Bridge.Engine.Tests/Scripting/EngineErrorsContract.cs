using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8EngineErrorsTests() : EngineErrorsContract(new V8EngineFactory());

public sealed class JintEngineErrorsTests() : EngineErrorsContract(new JintEngineFactory());

/// <summary>How errors cross, both ways.</summary>
public abstract class EngineErrorsContract(IScriptEngineFactory factory)
{
    [Fact]
    public Task HostFunction_Throws_ScriptCatchesAnErrorWithItsMessage() => EngineThread.RunAsync(factory, engine =>
    {
        engine.DefineHost("host", [new HostFunction("fail", _ => throw new InvalidOperationException("the host says no"))]);
        using var attempt = engine.GetFunction(
            "() => { try { host.fail() } catch (error) { return `${error instanceof Error} ${error.name} ${error.message}` } }");
        Assert.Equal("true Error the host says no", attempt.Invoke().AsText());
        Assert.Equal("true Error the host says no", attempt.Invoke().AsText());
    });

    [Fact]
    public Task HostFunction_Throws_NothingOfTheHostIsVisible() => EngineThread.RunAsync(factory, engine =>
    {
        engine.DefineHost("host", [new HostFunction("fail", _ => throw new InvalidOperationException("no", new IOException("secret")))]);
        using var attempt = engine.GetFunction(
            "() => { try { host.fail() } catch (error) { return Reflect.ownKeys(error).map((key) => `${String(key)}=${String(error[key])}`).join() + error.stack } }");
        var visible = attempt.Invoke().AsText();
        Assert.DoesNotContain("secret", visible, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", visible, StringComparison.Ordinal);
        Assert.DoesNotContain(".cs", visible, StringComparison.Ordinal);
    });

    [Fact]
    public Task HostFunction_ThrowsUncaught_ReachesTheHostAgain() => EngineThread.RunAsync(factory, engine =>
    {
        engine.DefineHost("host", [new HostFunction("fail", _ => throw new InvalidOperationException("the host says no"))]);
        var thrown = Assert.Throws<ScriptException>(() => engine.Execute(new ScriptSource("calls.js", "\n  host.fail()")));
        Assert.Equal("Error: the host says no", thrown.Message);
        Assert.Contains("calls.js:2:", thrown.ScriptStack, StringComparison.Ordinal);
    });

    [Fact]
    public Task Script_Throws_MessageAndStackCross() => EngineThread.RunAsync(factory, engine =>
    {
        var source = new ScriptSource("thrower.js", "function inner() {\n  throw new TypeError('bad ☹')\n}\ninner()");
        var thrown = Assert.Throws<ScriptException>(() => engine.Execute(source));
        Assert.Equal("TypeError: bad ☹", thrown.Message);
        Assert.StartsWith("TypeError: bad ☹\n", thrown.ScriptStack, StringComparison.Ordinal);
        Assert.Contains("inner (thrower.js:2:9)", thrown.ScriptStack, StringComparison.Ordinal);
        Assert.Contains("thrower.js:4:1", thrown.ScriptStack, StringComparison.Ordinal);
    });

    [Fact]
    public Task Function_Throws_MessageAndStackCross() => EngineThread.RunAsync(factory, engine =>
    {
        engine.Execute(new ScriptSource("lib.js", "globalThis.broken = (what) => {\n\n  null[what]\n}"));
        using var broken = engine.GetFunction("broken");
        var thrown = Assert.Throws<ScriptException>(() => broken.Invoke(ScriptValue.From("part")));
        Assert.StartsWith("TypeError: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("lib.js:3:", thrown.ScriptStack, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("'just text'", "just text")]
    [InlineData("42", "42")]
    [InlineData("null", "null")]
    [InlineData("undefined", "undefined")]
    [InlineData("({ toString() { throw 1 } })", null)]
    [InlineData("Symbol('s')", null)]
    [InlineData("Object.create(null)", null)]
    public Task Script_ThrowsNoError_IsAScriptExceptionAllTheSame(string expression, string? message) => EngineThread.RunAsync(factory, engine =>
    {
        var thrown = Assert.Throws<ScriptException>(() => engine.Execute(new ScriptSource("odd.js", $"throw {expression}")));
        Assert.NotEmpty(thrown.Message);
        if (message is not null)
        {
            Assert.Equal(message, thrown.Message);
        }
    });

    [Fact]
    public Task Script_ThatDoesNotParse_NamesThePosition() => EngineThread.RunAsync(factory, engine =>
    {
        var thrown = Assert.Throws<ScriptException>(() => engine.Execute(new ScriptSource("broken.js", "let a = 1;\nlet b = ;")));
        Assert.StartsWith("SyntaxError: Unexpected token ';'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("broken.js:2:9", thrown.ScriptStack, StringComparison.Ordinal);
    });

    [Fact]
    public Task Script_Recurses_CatchesARangeError() => EngineThread.RunAsync(factory, engine =>
    {
        using var recurse = engine.GetFunction(
            "() => { const down = () => down() + 1; try { down() } catch (error) { return error instanceof RangeError } }");
        Assert.True(recurse.Invoke().AsBoolean());
        Assert.True(recurse.Invoke().AsBoolean());
    });

    [Fact]
    public Task Script_RecursesUncaught_LeavesTheEngineUsable() => EngineThread.RunAsync(factory, engine =>
    {
        var thrown = Assert.Throws<ScriptException>(() => engine.Execute(new ScriptSource("deep.js", "(function down() { down() })()")));
        Assert.StartsWith("RangeError: ", thrown.Message, StringComparison.Ordinal);
        AssertUsable(engine);
    });

    [Fact]
    public Task Json_NestedAThousandDeep_IsReadAndWritten() => EngineThread.RunAsync(factory, engine =>
    {
        using var turnAround = engine.GetFunction("(text) => JSON.stringify(JSON.parse(text))");
        var nested = new string('[', 1000) + new string(']', 1000);
        Assert.Equal(nested, turnAround.Invoke(ScriptValue.From(nested)).AsText());
    });

    [Theory]
    [InlineData("1")]
    [InlineData("({})")]
    [InlineData("undefined")]
    [InlineData("notDefined")]
    [InlineData("(((")]
    public Task GetFunction_OfSomethingElse_Throws(string expression) => EngineThread.RunAsync(factory, engine =>
    {
        Assert.Throws<ScriptException>(() => engine.GetFunction(expression));
        AssertUsable(engine);
    });

    internal static void AssertUsable(IScriptEngine engine)
    {
        using var add = engine.GetFunction("(a, b) => { let microtasks = 0; Promise.resolve().then(() => { globalThis.ran = true }); return a + b }");
        Assert.Equal(3, add.Invoke(ScriptValue.From(1), ScriptValue.From(2)).AsNumber());
        using var ran = engine.GetFunction("() => { const had = globalThis.ran; delete globalThis.ran; return had === true }");
        Assert.True(ran.Invoke().AsBoolean());
    }
}

using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8EngineInterruptTests() : EngineInterruptContract(new V8EngineFactory())
{
    [Theory]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("'a'.repeat(40).replace(/(a|a)*c/g, '')")]
    public Task Interrupt_OfACatastrophicRegex_EndsIt(string text) => AssertInterrupted(text);
}

public sealed class JintEngineInterruptTests() : EngineInterruptContract(new JintEngineFactory());

/// <summary>Ending scripts from another thread.</summary>
public abstract class EngineInterruptContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("for (;;);")]
    [InlineData("for (;;) {}")]
    [InlineData("while (true) { let x = 1 }")]
    [InlineData("do {} while (true)")]
    [InlineData("while (true) try { for (;;); } catch { } finally { continue }")]
    [InlineData("for (const one of (function* () { for (;;) yield 1 })());")]
    [InlineData("[1].forEach(() => { for (;;); })")]
    [InlineData("[3, 2, 1].sort(() => { for (;;); })")]
    [InlineData("new Proxy({}, { get() { for (;;); } }).x")]
    [InlineData("`${{ toString() { for (;;); } }}`")]
    [InlineData("JSON.stringify({ toJSON() { for (;;); } })")]
    public Task Interrupt_OfALoop_EndsIt(string text) => AssertInterrupted(text);

    [Theory]
    [InlineData("(function again() { Promise.resolve().then(again) })()")]
    [InlineData("(async () => { for (;;) await null })()")]
    [InlineData("(async () => { await null; for (;;); })()")]
    public Task Interrupt_OfMicrotasks_EndsThem(string text) => AssertInterrupted(text);

    [Fact]
    public Task Interrupt_OfAFunction_EndsIt() => EngineThread.RunAsync(factory, engine =>
    {
        DefineInterrupt(engine);
        using var loop = engine.GetFunction("() => { host.interrupt(); for (;;); }");
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Invoke());
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Invoke());
        EngineErrorsContract.AssertUsable(engine);
    });

    [Fact]
    public Task Interrupt_OfAModule_EndsIt() => EngineThread.RunAsync(factory, engine =>
    {
        DefineInterrupt(engine);
        using var settled = engine.GetFunction("() => {}");
        Assert.ThrowsAny<OperationCanceledException>(() => engine.StartModule(new ScriptSource("app.js", "host.interrupt(); for (;;);"), settled));
        EngineErrorsContract.AssertUsable(engine);
    });

    [Fact]
    public Task Interrupt_OfNothing_HarmsNothing() => EngineThread.RunAsync(factory, engine =>
    {
        engine.Interrupt();
        engine.Interrupt();
        EngineErrorsContract.AssertUsable(engine);
    });

    [Fact]
    public Task Interrupt_DropsWhatWasStillQueued() => EngineThread.RunAsync(factory, engine =>
    {
        DefineInterrupt(engine);
        var source = new ScriptSource("a.js", "globalThis.after = 0; Promise.resolve().then(() => { host.interrupt(); for (;;); }); globalThis.later = () => { after++ }");
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Execute(source));
        using var later = engine.GetFunction("() => { later(); return after }");
        Assert.Equal(1, later.Invoke().AsNumber());
        EngineErrorsContract.AssertUsable(engine);
    });

    protected Task AssertInterrupted(string text) => EngineThread.RunAsync(factory, engine =>
    {
        DefineInterrupt(engine);
        for (var time = 0; time < 2; time++)
        {
            Assert.ThrowsAny<OperationCanceledException>(() => engine.Execute(new ScriptSource("loop.js", $"host.interrupt(); {text}")));
            EngineErrorsContract.AssertUsable(engine);
        }
    });

    // The script itself says that it runs; the interrupt then comes from another thread, whenever that gets its turn.
    private static void DefineInterrupt(IScriptEngine engine) => engine.DefineHost("host", [new HostFunction("interrupt", _ =>
    {
        ThreadPool.UnsafeQueueUserWorkItem(static target => target.Interrupt(), engine, preferLocal: false);
        return ScriptValue.Undefined;
    })]);
}

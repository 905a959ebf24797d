using System.Runtime.InteropServices;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8EngineMemoryTests() : EngineMemoryContract(new V8EngineFactory());

public sealed class JintEngineMemoryTests() : EngineMemoryContract(new JintEngineFactory());

/// <summary>Shared memory, the turn sink, nested calls and the heap's limit.</summary>
public abstract class EngineMemoryContract(IScriptEngineFactory factory)
{
    [Fact]
    public Task ShareMemory_WrittenByEither_IsSeenByTheOther() => EngineThread.RunAsync(factory, engine =>
    {
        var memory = engine.ShareMemory("block", 64);
        Assert.Equal(64, memory.Bytes.Length);
        Assert.True(memory.Bytes.IndexOfAnyExcept((byte)0) < 0);

        MemoryMarshal.Cast<byte, int>(memory.Bytes)[3] = -7;
        MemoryMarshal.Cast<byte, double>(memory.Bytes)[4] = Math.PI;
        using var read = engine.GetFunction("() => `${new Int32Array(block)[3]} ${new Float64Array(block)[4] === Math.PI} ${block.byteLength}`");
        Assert.Equal("-7 true 64", read.Invoke().AsText());

        engine.Execute(new ScriptSource("write.js", "new Int32Array(block)[0] = 2 ** 31 - 1; new Float64Array(block, 0, 2)[1] = -Infinity"));
        Assert.Equal(int.MaxValue, MemoryMarshal.Cast<byte, int>(memory.Bytes)[0]);
        Assert.Equal(double.NegativeInfinity, MemoryMarshal.Cast<byte, double>(memory.Bytes)[1]);
    });

    [Fact]
    public Task ShareMemory_AfterTheGlobalIsGone_StaysShared() => EngineThread.RunAsync(factory, engine =>
    {
        var memory = engine.ShareMemory("block", 16);
        using var add = engine.GetFunction("((words) => (count) => { for (let i = 0; i < count; i++) { words[0]++; [].concat(new Array(100)) } })(new Int32Array(block))");
        engine.Execute(new ScriptSource("hide.js", "delete globalThis.block"));
        add.Invoke(ScriptValue.From(10_000));
        GC.Collect();
        Assert.Equal(10_000, MemoryMarshal.Cast<byte, int>(memory.Bytes)[0]);
    });

    [Fact]
    public Task TurnSink_Called_ReceivesCountAndTexts() => EngineThread.RunAsync(factory, engine =>
    {
        var turns = new List<string>();
        engine.DefineHost("host", [new HostFunction("other", _ => ScriptValue.From("other"))]);
        engine.DefineTurnSink("host", "flush", (count, answers, operations) => turns.Add($"{count}|{answers}|{operations}"));
        engine.Execute(new ScriptSource("a.js", "host.flush(2, 'ä😀', '[]'); host.flush(0, '', ''); globalThis.other = host.other()"));
        Assert.Equal(["2|ä😀|[]", "0||"], turns);
    });

    [Fact]
    public Task Calls_NestedBothWays_ReturnInOrder() => EngineThread.RunAsync(factory, engine =>
    {
        IScriptFunction? inner = null;
        engine.DefineHost("host", [new HostFunction("down", arguments =>
        {
            var depth = arguments[0].AsNumber();
            return depth == 0 ? ScriptValue.From("|") : ScriptValue.From($"<{inner!.Invoke(ScriptValue.From(depth - 1), ScriptValue.From("x")).AsText()}>");
        })]);
        using var function = engine.GetFunction("(depth, text) => text + host.down(depth) + text");
        inner = function;
        Assert.Equal("x<x<x<x|x>x>x>x", function.Invoke(ScriptValue.From(3), ScriptValue.From("x")).AsText());
    });

    [Fact]
    public Task Calls_NestedWithAnError_TravelThroughEveryLevel() => EngineThread.RunAsync(factory, engine =>
    {
        IScriptFunction? inner = null;
        engine.DefineHost("host", [new HostFunction("call", _ => inner!.Invoke())]);
        using var thrower = engine.GetFunction("() => { throw new RangeError('deep down') }");
        inner = thrower;
        using var outer = engine.GetFunction("() => { try { host.call() } catch (error) { throw new Error('outer: ' + error.message) } }");
        var thrown = Assert.Throws<ScriptException>(() => outer.Invoke());
        Assert.StartsWith("Error: outer: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("deep down", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task Calls_Nested_HaveRunMicrotasksWhenTheOutermostReturns() => EngineThread.RunAsync(factory, engine =>
    {
        IScriptFunction? inner = null;
        engine.DefineHost("host", [new HostFunction("call", _ => inner!.Invoke())]);
        engine.Execute(new ScriptSource("a.js", "globalThis.order = []"));
        using var nested = engine.GetFunction("() => { Promise.resolve().then(() => order.push('microtask')); order.push('inner') }");
        inner = nested;
        using var outer = engine.GetFunction("() => { host.call(); order.push('outer') }");
        outer.Invoke();
        using var order = engine.GetFunction("() => order.join()");
        Assert.Contains("microtask", order.Invoke().AsText(), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("(() => { const kept = []; for (;;) kept.push({ n: kept.length, s: `s${kept.length}` }) })()")]
    [InlineData("(async () => { const kept = []; for (;;) { await null; kept.push({ n: kept.length, s: `s${kept.length}` }) } })()")]
    public Task Heap_Overrun_EndsTheScriptAndNotTheEngine(string text) => EngineThread.RunAsync(
        factory,
        engine =>
        {
            for (var time = 0; time < 2; time++)
            {
                Assert.Throws<ScriptException>(() => engine.Execute(new ScriptSource("leak.js", text)));
                EngineErrorsContract.AssertUsable(engine);
            }
        },
        maxHeapMiB: 48);

    [Fact]
    public Task Heap_Measured_IsMoreThanNothing() => EngineThread.RunAsync(factory, engine => Assert.True(engine.HeapBytes > 0));

    [Fact]
    public Task Engines_SideBySide_ShareNothing() => EngineThread.RunAsync(factory, first => RunSecond(first));

    private void RunSecond(IScriptEngine first)
    {
        using var second = factory.Create(new ScriptEngineOptions("second"));
        first.Execute(new ScriptSource("a.js", "globalThis.mine = 1; Array.prototype.mine = 1"));
        using var seen = second.GetFunction("() => typeof mine + typeof [].mine");
        Assert.Equal("undefinedundefined", seen.Invoke().AsText());
        Assert.Equal(factory.Name, second.Name);
    }
}

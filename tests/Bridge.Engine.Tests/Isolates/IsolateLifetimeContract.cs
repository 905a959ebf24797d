using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateLifetimeTests() : IsolateLifetimeContract(new V8EngineFactory());

public sealed class JintIsolateLifetimeTests() : IsolateLifetimeContract(new JintEngineFactory());

/// <summary>Starting, loading and ending.</summary>
public abstract class IsolateLifetimeContract(IScriptEngineFactory factory)
{
    private static readonly Dictionary<string, string> Echo = new() { ["echo"] = "(request) => request" };

    [Theory]
    [InlineData("throw new TypeError('runtime is broken')", "TypeError: runtime is broken")]
    [InlineData("let a = ;", "SyntaxError: ")]
    [InlineData("globalThis.nothing = 1", "")]
    public async Task Runtime_ThatFails_FailsTheStart(string runtime, string message)
    {
        var options = new IsolateOptions { Runtime = new ScriptSource("runtime.js", runtime), Log = static (_, _, _) => { } };
        var thrown = await Assert.ThrowsAsync<ScriptException>(() => Isolate.StartAsync(factory, options).WaitAsync(EngineThread.Patience));
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n\nthrow new TypeError('not today')", "TypeError: not today", "app.js:7:")]
    [InlineData("\n\nawait null; throw new TypeError('not now')", "TypeError: not now", "app.js:7:")]
    [InlineData("\n\nawait new Promise((_, reject) => setTimeout(() => reject(new TypeError('not ever')), 1))", "TypeError: not ever", "app.js:7:")]
    [InlineData("\n\nlet let = ;", "SyntaxError: ", "app.js:7:")]
    [InlineData("throw 'text'", "Error: text", "")]
    [InlineData("await import('pkg')", "Error: Cannot import 'pkg'", "")]
    public async Task Module_ThatFails_FailsTheLoad(string module, string message, string position)
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var thrown = await Assert.ThrowsAsync<ScriptException>(
            () => isolate.Isolate.LoadAsync(TestIsolate.Bundle(Echo, module)).WaitAsync(EngineThread.Patience));
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(position, thrown.ScriptStack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_ThatAwaitsTimersAndOperations_Loads()
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string> { ["ready"] = "() => ready" },
            new Dictionary<string, IOperationHandler> { ["work"] = new FunctionOperation((_, _, _) => new(new OperationOutcome("7"))) },
            "await new Promise((resolve) => setTimeout(resolve, 5)); const ready = (await operation('work').promise).value;");
        Assert.Equal("7", (await isolate.CallAsync("ready")).Json);
    }

    [Fact]
    public async Task Handlers_ThatAreMissing_AreAllNamed()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(Echo, "runtime.bind('blog/post.ts', { plain: () => 1, nothing: null });");
        var more = bundle with
        {
            Endpoints =
            [
                .. bundle.Endpoints,
                new EndpointBinding("blog", "get", "blog/post.ts", "get", null),
                new EndpointBinding("blog", "plain", "blog/post.ts", "plain", null),
                new EndpointBinding("blog", "nothing", "blog/post.ts", "nothing", null),
                new EndpointBinding("blog", "list", "blog/\"other\".ts", "list", null),
            ],
        };
        var thrown = await Assert.ThrowsAsync<ScriptException>(() => isolate.Isolate.LoadAsync(more).WaitAsync(EngineThread.Patience));
        Assert.Equal(4, thrown.Message.Split('\n').Length);
        Assert.Contains("blog.get: blog/post.ts exports no endpoint named get", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("blog.plain", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("blog.nothing", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("blog/\"other\".ts", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await new Promise(() => {})")]
    [InlineData("say('started'); for (;;);")]
    public async Task Load_Canceled_StopsWaitingAndTheIsolateCanEnd(string module)
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        using var leaving = new CancellationTokenSource();
        var loading = isolate.Isolate.LoadAsync(TestIsolate.Bundle(Echo, module), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading.WaitAsync(EngineThread.Patience));
    }

    [Fact]
    public async Task Load_WhenTheIsolateEnds_Ends()
    {
        var isolate = await TestIsolate.StartEmptyAsync(factory);
        var loading = isolate.Isolate.LoadAsync(TestIsolate.Bundle(Echo, "say('started'); await new Promise(() => {})"));
        await isolate.HearAsync();
        await isolate.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => loading.WaitAsync(EngineThread.Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => isolate.Isolate.LoadAsync(TestIsolate.Bundle(Echo)).WaitAsync(EngineThread.Patience));
    }

    [Fact]
    public async Task Dispose_WithCallsOutstanding_LosesThem()
    {
        var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["wait"] = "() => { say('waiting'); return new Promise(() => {}) }" });
        var waiting = Enumerable.Range(0, 100).Select(_ => isolate.CallAsync("wait")).ToArray();
        for (var i = 0; i < waiting.Length; i++)
        {
            await isolate.HearAsync();
        }

        await isolate.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(EngineThread.Patience), answer => Assert.Equal(new Answer(AnswerKind.Lost, ""), answer));
        Assert.True(isolate.Isolate.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Dispose_WithCallsStillQueued_LosesThemAndReturnsTheirBuffers()
    {
        using var held = new Held();
        var busy = await BusyIsolate.StartAsync(factory, held);
        var payload = TestIsolate.Payload("{}")!;
        var ending = busy.DisposeAsync().AsTask();
        var queued = busy.Isolate.CallAsync(1, payload).AsTask();
        held.Release();
        await ending.WaitAsync(EngineThread.Patience);
        using var answer = await queued.WaitAsync(EngineThread.Patience);
        Assert.True(answer.Kind is AnswerKind.Lost or AnswerKind.Value);
        Assert.Equal(0, payload.Length);
    }

    [Fact]
    public async Task Calls_WhileTheIsolateEnds_AllEnd()
    {
        for (var round = 0; round < 20; round++)
        {
            var isolate = await TestIsolate.StartAsync(factory, Echo);
            var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                Answer answer;
                do
                {
                    answer = await isolate.CallAsync("echo", "[1]");
                    Assert.Equal(answer.Kind == AnswerKind.Value ? "[1]" : "", answer.Json);
                }
                while (answer.Kind == AnswerKind.Value);
                return answer.Kind;
            })).ToArray();
            await isolate.CallAsync("echo", "[2]");
            await isolate.DisposeAsync();
            Assert.All(await Task.WhenAll(calls).WaitAsync(EngineThread.Patience), kind => Assert.Equal(AnswerKind.Lost, kind));
        }
    }

    [Fact]
    public async Task Call_AfterDispose_IsLostAtOnce()
    {
        var isolate = await TestIsolate.StartAsync(factory, Echo);
        await isolate.DisposeAsync();
        var payload = TestIsolate.Payload("{}")!;
        using var answer = await isolate.Isolate.CallAsync(0, payload).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal(AnswerKind.Lost, answer.Kind);
        Assert.Equal(0, payload.Length);
        Assert.Equal(AnswerKind.Lost, (await isolate.CallAsync("echo", "{}", new CancellationToken(canceled: false))).Kind);
        Assert.Equal(0, isolate.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task Dispose_Twice_AndInterruptAfterwards_HarmNothing()
    {
        var isolate = await TestIsolate.StartAsync(factory, Echo);
        await Task.WhenAll(isolate.DisposeAsync().AsTask(), isolate.DisposeAsync().AsTask());
        await isolate.DisposeAsync();
        isolate.Isolate.Interrupt();
    }

    [Fact]
    public async Task Dispose_DuringAnEndlessHandler_EndsIt()
    {
        var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["loop"] = "() => { say('looping'); for (;;); }" });
        var looping = isolate.CallAsync("loop");
        await isolate.HearAsync();
        await isolate.DisposeAsync();
        Assert.Equal(AnswerKind.Lost, (await looping).Kind);
    }

    [Fact]
    public async Task HostAndMemory_AreHiddenFromTheApplication()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["seen"] = "() => ['__encoreHost', '__encoreMemory', '__encoreIsolate'].filter((name) => name in globalThis)",
        });
        Assert.Equal("[]", (await isolate.CallAsync("seen")).Json);
    }
}

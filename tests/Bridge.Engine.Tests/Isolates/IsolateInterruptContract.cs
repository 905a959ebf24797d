using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateInterruptTests() : IsolateInterruptContract(new V8EngineFactory());

public sealed class JintIsolateInterruptTests() : IsolateInterruptContract(new JintEngineFactory());

/// <summary>Turns that are ended from outside, and what the isolate is good for afterwards.</summary>
public abstract class IsolateInterruptContract(IScriptEngineFactory factory)
{
    private static readonly Dictionary<string, string> Handlers = new()
    {
        ["loop"] = "() => { say('looping'); for (;;); }",
        ["asyncLoop"] = "async () => { await null; say('looping'); for (;;); }",
        ["answerThenLoop"] = "async () => { await null; setTimeout(() => { say('looping'); for (;;); }, 0); return 'answered' }",
        ["wait"] = "async (request) => { await operation('gate', request.id).promise; return request.id }",
        ["echo"] = "(request) => request.id",
        ["start"] = "async (request) => { const { value } = await operation('double', request.id).promise; return value }",
    };

    [Theory]
    [InlineData("loop")]
    [InlineData("asyncLoop")]
    public async Task Interrupt_OfAnEndlessHandler_LosesItAndServesOthers(string loop)
    {
        await using var isolate = await StartAsync(new GateOperation());
        for (var time = 0; time < 3; time++)
        {
            var looping = isolate.CallAsync(loop);
            Assert.Equal("looping", await isolate.HearAsync());
            isolate.Isolate.Interrupt();
            Assert.Equal(AnswerKind.Lost, (await looping).Kind);
            Assert.Equal("7", (await isolate.CallAsync("echo", """{"id":7}""")).Json);
            Assert.Equal("14", (await isolate.CallAsync("start", """{"id":7}""")).Json);
        }

        Assert.Contains(isolate.Log, line => line.Level == 4 && line.Message.Contains("turn was ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interrupt_OfATimersLoop_LeavesTimersWorking()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["loop"] = "() => { setTimeout(() => { say('looping'); for (;;); }, 0) }",
            ["timer"] = "() => new Promise((resolve) => setTimeout(() => resolve('fired'), 1))",
        });
        await isolate.CallAsync("loop");
        Assert.Equal("looping", await isolate.HearAsync());
        isolate.Isolate.Interrupt();
        Assert.Equal("\"fired\"", (await AskUntilValueAsync(isolate, "timer")).Json);
    }

    [Fact]
    public async Task Interrupt_WithCallsOutstanding_LosesThemAll()
    {
        var gate = new GateOperation();
        await using var isolate = await StartAsync(gate);
        var waiting = Enumerable.Range(0, 50).Select(id => isolate.CallAsync("wait", $$"""{"id":{{id}}}""")).ToArray();
        for (var i = 0; i < waiting.Length; i++)
        {
            await gate.NextAsync();
        }

        var looping = isolate.CallAsync("loop");
        await isolate.HearAsync();
        isolate.Isolate.Interrupt();
        Assert.All(await Task.WhenAll(waiting.Append(looping)).WaitAsync(EngineThread.Patience), answer => Assert.Equal(AnswerKind.Lost, answer.Kind));
    }

    [Fact]
    public async Task Answers_ComingLateToLostCalls_ReachNoOtherCall()
    {
        var gate = new GateOperation();
        await using var isolate = await StartAsync(gate);
        var lost = Enumerable.Range(0, 20).Select(id => isolate.CallAsync("wait", $$"""{"id":"late{{id}}"}""")).ToArray();
        var visits = new List<GateOperation.Visit>();
        foreach (var _ in lost)
        {
            visits.Add(await gate.NextAsync());
        }

        var looping = isolate.CallAsync("loop");
        await isolate.HearAsync();
        isolate.Isolate.Interrupt();
        Assert.Equal(AnswerKind.Lost, (await looping).Kind);

        // More calls than a slot has generations, so that a slot handed out too early comes round to where it was.
        for (var round = 0; round < visits.Count; round++)
        {
            var late = visits[round];
            await Crowd.RunAsync(300, 8, async id =>
            {
                if (id == 150)
                {
                    late.Pass();
                }

                Assert.Equal($"{id}", (await isolate.CallAsync("echo", $$"""{"id":{{id}}}""")).Json);
            });
        }

        Assert.All(await Task.WhenAll(lost).WaitAsync(EngineThread.Patience), answer => Assert.Equal(AnswerKind.Lost, answer.Kind));
    }

    [Fact]
    public async Task Interrupt_AtAnyMoment_NeverMixesAnswers()
    {
        await using var isolate = await StartAsync(new GateOperation());
        using var done = new CancellationTokenSource();
        var interrupting = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                isolate.Isolate.Interrupt();
                await Task.Yield();
            }
        });
        var values = 0;
        await Crowd.RunAsync(3_000, 32, async id =>
        {
            var answer = await isolate.CallAsync(id % 2 == 0 ? "echo" : "start", $$"""{"id":{{id}}}""");
            if (answer.Kind == AnswerKind.Value)
            {
                Assert.Equal($"{(id % 2 == 0 ? id : id * 2)}", answer.Json);
                Interlocked.Increment(ref values);
            }
            else
            {
                Assert.Equal(AnswerKind.Lost, answer.Kind);
            }
        });
        await done.CancelAsync();
        await interrupting;
        Assert.Equal("\"after\"", (await AskUntilValueAsync(isolate, "echo", """{"id":"after"}""")).Json);
    }

    [Fact]
    public async Task Interrupt_OfNothing_ChangesNothing()
    {
        await using var isolate = await StartAsync(new GateOperation());
        isolate.Isolate.Interrupt();
        Assert.Equal("1", (await isolate.CallAsync("echo", """{"id":1}""")).Json);
    }

    private static async Task<Answer> AskUntilValueAsync(TestIsolate isolate, string endpoint, string? payload = null)
    {
        // An interrupt under way may still take a turn with it.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var answer = await isolate.CallAsync(endpoint, payload);
            if (answer.Kind == AnswerKind.Value)
            {
                return answer;
            }
        }

        throw new InvalidOperationException("The isolate answers no more.");
    }

    private Task<TestIsolate> StartAsync(GateOperation gate) => TestIsolate.StartAsync(factory, Handlers, new Dictionary<string, IOperationHandler>
    {
        ["gate"] = gate,
        ["double"] = new FunctionOperation((payload, _, _) => new(new OperationOutcome($"{payload.GetInt32() * 2}"))),
    });
}

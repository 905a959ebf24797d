using System.Text;
using Bridge.Core.Isolates;
using Bridge.Core.Isolates.Streams;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateCancellationTests() : IsolateCancellationContract(new V8EngineFactory());

public sealed class JintIsolateCancellationTests() : IsolateCancellationContract(new JintEngineFactory());

/// <summary>Callers that leave: before, during and after their call.</summary>
public abstract class IsolateCancellationContract(IScriptEngineFactory factory)
{
    private static readonly Dictionary<string, string> Handlers = new()
    {
        ["echo"] = "(request) => request",
        ["wait"] = "async () => { await operation('gate').promise; return 'waited' }",
    };

    [Fact]
    public async Task Caller_GoneAlready_NeverReachesJavaScript()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers);
        var payload = TestIsolate.Payload("{}")!;
        using var gone = await isolate.Isolate.CallAsync(isolate.Endpoint("echo"), payload, new CancellationToken(canceled: true)).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal(AnswerKind.Canceled, gone.Kind);
        Assert.True(gone.Json.IsEmpty);

        Assert.Equal("{}", (await isolate.CallAsync("echo", "{}")).Json);
        Assert.Equal(1, isolate.Isolate.HandlerCalls);
        Assert.Equal(0, payload.Length);
    }

    [Fact]
    public async Task Caller_GoneBeforeTheTurn_NeverReachesJavaScript()
    {
        using var held = new Held();
        using var leaving = new CancellationTokenSource();
        await using var busy = await BusyIsolate.StartAsync(factory, held);

        // The isolate's thread stands in a log line: what is posted now waits in the queue.
        var payload = TestIsolate.Payload("{}")!;
        var call = busy.Isolate.CallAsync(1, payload, leaving.Token).AsTask();
        await leaving.CancelAsync();
        using (var answer = await call.WaitAsync(EngineThread.Patience))
        {
            Assert.Equal(AnswerKind.Canceled, answer.Kind);
        }

        held.Release();
        await busy.Holding.WaitAsync(EngineThread.Patience);
        using var after = await busy.Isolate.CallAsync(1, null).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal(2, busy.Isolate.HandlerCalls);
        Assert.Equal(0, payload.Length);
    }

    [Fact]
    public async Task Caller_LeavesWhileTheHandlerWaits_IsAnsweredAtOnce()
    {
        var gate = new GateOperation();
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers, Operations(gate));
        using var leaving = new CancellationTokenSource();
        var call = isolate.CallAsync("wait", null, leaving.Token);
        var visit = await gate.NextAsync();
        await leaving.CancelAsync();
        Assert.Equal(AnswerKind.Canceled, (await call).Kind);

        // The handler goes on and answers nobody; its slot and its call serve others.
        visit.Pass();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async id => Assert.Equal($"{id}", (await isolate.CallAsync("echo", $"{id}")).Json)));
    }

    [Fact]
    public async Task Stream_LeftBeforeItsCall_NeverReachesJavaScript()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers);
        var stream = isolate.Isolate.OpenStream(new Deaf(), loop: null);
        stream.Leave();
        Assert.Equal(AnswerKind.Canceled, (await isolate.CallAsync(new HandlerRequest { Endpoint = isolate.Endpoint("echo"), Stream = stream })).Kind);
        stream.Abandon();

        Assert.Equal("{}", (await isolate.CallAsync("echo", "{}")).Json);
        Assert.Equal(1, isolate.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task Stream_LeftWhileTheHandlerWaits_IsAnsweredAtOnce()
    {
        var gate = new GateOperation();
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers, Operations(gate));
        var stream = isolate.Isolate.OpenStream(new Deaf(), loop: null);
        var call = isolate.CallAsync(new HandlerRequest { Endpoint = isolate.Endpoint("wait"), Stream = stream });
        var visit = await gate.NextAsync();
        stream.Leave();
        Assert.Equal(AnswerKind.Canceled, (await call).Kind);

        // Neither of these finds the call of the stream, which serves others.
        stream.Leave();
        stream.Abandon();
        visit.Pass();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async id => Assert.Equal($"{id}", (await isolate.CallAsync("echo", $"{id}")).Json)));
    }

    [Fact]
    public async Task Streams_LeavingAtAnyMoment_NeverDisturbOthers()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers);
        await Crowd.RunAsync(4_000, 64, async id =>
        {
            var stream = isolate.Isolate.OpenStream(new Deaf(), loop: null);
            var call = isolate.CallAsync(
                new HandlerRequest { Endpoint = isolate.Endpoint("echo"), Payload = TestIsolate.Payload($"{id}"), Stream = id % 2 == 0 ? stream : null });
            if (id % 4 == 0)
            {
                stream.Leave();
            }

            var answer = await call;
            if (answer.Kind != AnswerKind.Canceled || id % 4 != 0)
            {
                Assert.Equal(new Answer(AnswerKind.Value, $"{id}"), answer);
            }

            stream.Leave();
            stream.Abandon();
        });
    }

    [Fact]
    public async Task Caller_LeavesAfterTheAnswer_ChangesNothing()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, Handlers);
        using var leaving = new CancellationTokenSource();
        var answer = await isolate.Isolate.CallAsync(isolate.Endpoint("echo"), TestIsolate.Payload("[1]"), leaving.Token).AsTask().WaitAsync(EngineThread.Patience);
        await leaving.CancelAsync();
        Assert.Equal("[1]", Encoding.UTF8.GetString(answer.Json));
        answer.Dispose();
    }

    [Fact]
    public async Task Callers_LeavingAtAnyMoment_NeverDisturbOthers()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["echo"] = "async (request) => { for (let i = 0; i < request.id % 3; i++) await null; return request }",
        });
        await Crowd.RunAsync(4_000, 64, async id =>
        {
            using var leaving = new CancellationTokenSource();
            var payload = $$"""{"id":{{id}},"text":"{{new string('x', id % 300)}}"}""";
            var call = isolate.CallAsync("echo", payload, leaving.Token);
            if (id % 3 == 0)
            {
                await leaving.CancelAsync();
            }

            var answer = await call;
            if (answer.Kind != AnswerKind.Canceled || id % 3 != 0)
            {
                Assert.Equal(new Answer(AnswerKind.Value, payload), answer);
            }
        });
        Assert.InRange(isolate.Isolate.HandlerCalls, 2_666, 4_000);
    }

    private sealed class Deaf : IStreamReceiver
    {
        public void OnOutput()
        {
            // What these handlers are asked for is their answers.
        }
    }

    private static Dictionary<string, IOperationHandler> Operations(GateOperation gate) => new() { ["gate"] = gate };
}

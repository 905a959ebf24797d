using System.Text.Json;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateContextTests() : IsolateContextContract(new V8EngineFactory())
{
    [Fact]
    public async Task CurrentRequest_AfterAwaits_IsTheCallsOwn()
    {
        var gate = new GateOperation();
        await using var isolate = await StartAsync(operations: new Dictionary<string, IOperationHandler> { ["gate"] = gate });
        var calls = Enumerable.Range(0, 1000).Select(id => isolate.CallAsync(Call(isolate, "through", id))).ToList();
        var visits = new List<GateOperation.Visit>();
        while (visits.Count < calls.Count)
        {
            visits.Add(await gate.NextAsync());
        }

        // They go on in another order than they came in, some of them in one turn.
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(visits));
        visits.ForEach(visit => visit.Pass());
        for (var id = 0; id < calls.Count; id++)
        {
            Assert.Equal($"[{string.Join(',', Enumerable.Repeat($"\"/items/{id}\"", 7))}]", (await calls[id]).Json);
        }
    }

    [Fact]
    public async Task Log_AfterAnAwait_NamesTheCall()
    {
        await using var isolate = await StartAsync();
        await isolate.CallAsync(Call(isolate, "says", 7));
        var line = Assert.Single(isolate.Log, line => line.Message == "later");
        var fields = JsonDocument.Parse(line.Fields).RootElement;
        Assert.Equal("test", fields.GetProperty("service").GetString());
        Assert.Equal("says", fields.GetProperty("endpoint").GetString());
        Assert.Equal(26, fields.GetProperty("trace_id").GetString()!.Length);
        Assert.Equal(1, fields.GetProperty("own").GetInt32());
    }
}

public sealed class JintIsolateContextTests() : IsolateContextContract(new JintEngineFactory())
{
    [Fact]
    public async Task CurrentRequest_AfterAnAwait_IsMissingRatherThanAnothers()
    {
        await using var isolate = await StartAsync();
        var seen = await Task.WhenAll(Enumerable.Range(0, 100).Select(id => isolate.CallAsync(Call(isolate, "awaits", id))));
        Assert.All(seen.Index(), pair => Assert.Contains(pair.Item.Json, (string[])["null", $"\"/items/{pair.Index}\""]));
    }
}

/// <summary>What code sees of the call that it belongs to.</summary>
public abstract class IsolateContextContract(IScriptEngineFactory factory)
{
    protected static Dictionary<string, string> Handlers { get; } = new()
    {
        ["path"] = "() => current().path",
        ["all"] = "() => current()",
        ["late"] = "() => { const request = current(); setTimeout(() => say(current().path + request.headers.host), 1); return 1 }",
        ["then"] = "() => Promise.resolve().then(() => current().path)",
        ["awaits"] = "async () => { await null; return current()?.path ?? null }",
        ["says"] = "async () => { await null; runtime.log(2, 'later', { own: 1, service: 'forged' }) }",
        ["outside"] = "() => before",
        ["signal"] = "async () => { const { signal } = current(); say('waiting'); await new Promise((done) => signal.addEventListener('abort', done)); say(signal.reason.name) }",
        ["never"] = "() => new Promise(() => {})",
        ["through"] =
            """
            async () => {
              const seen = [current().path];
              await operation('gate').promise;
              seen.push(current().path);
              await null;
              seen.push(current().path);
              await new Promise((done) => setTimeout(done, 1));
              seen.push(current().path);
              await new Promise((done) => queueMicrotask(() => done(seen.push(current().path))));
              await Promise.all([0, 1].map(async () => { await null; seen.push(current().path) }));
              return seen;
            }
            """,
    };

    private protected static HandlerRequest Call(TestIsolate isolate, string endpoint, int id) => new()
    {
        Endpoint = isolate.Endpoint(endpoint),
        Trace = new CallTrace((UInt128)id + 1, 5),
        Source = new Source($$"""{"method":"GET","path":"/items/{{id}}","pathAndQuery":"/items/{{id}}?a=1","pathParams":{"id":"{{id}}"},"headers":{"host":"test"} }"""),
    };

    private const string Module = "const current = () => runtime.currentRequest();\nconst before = runtime.currentRequest() === undefined;\n";

    [Fact]
    public async Task CurrentRequest_InAHandler_ShowsTheRequest()
    {
        await using var isolate = await StartAsync();
        var seen = JsonDocument.Parse((await isolate.CallAsync(Call(isolate, "all", 3))).Json).RootElement;
        Assert.Equal("api-call", seen.GetProperty("type").GetString());
        Assert.Equal("""{"service":"test","endpoint":"all","raw":false,"auth":false,"tags":[]}""", seen.GetProperty("api").GetRawText());
        Assert.Equal("/items/3?a=1", seen.GetProperty("pathAndQuery").GetString());
        Assert.Equal("3", seen.GetProperty("pathParams").GetProperty("id").GetString());
        Assert.Equal("0000000000000000000000000g", seen.GetProperty("trace").GetProperty("traceId").GetString());
        Assert.Equal("000000000000a", seen.GetProperty("trace").GetProperty("spanId").GetString());
    }

    [Fact]
    public async Task CurrentRequest_InCallbacks_IsTheCallsOwn()
    {
        await using var isolate = await StartAsync();
        var seen = await Task.WhenAll(Enumerable.Range(0, 100).Select(id => isolate.CallAsync(Call(isolate, id % 2 == 0 ? "then" : "path", id))));
        Assert.All(seen.Index(), pair => Assert.Equal($"\"/items/{pair.Index}\"", pair.Item.Json));
    }

    [Fact]
    public async Task CurrentRequest_InATimerAfterTheAnswer_StillShowsTheRequest()
    {
        await using var isolate = await StartAsync("runtime.showRequests();\n");
        await isolate.CallAsync(Call(isolate, "late", 9));
        Assert.Equal("/items/9test", await isolate.HearAsync());
    }

    [Fact]
    public async Task CurrentRequest_OutsideACall_IsNothing()
    {
        await using var isolate = await StartAsync();
        Assert.Equal("true", (await isolate.CallAsync("outside")).Json);
    }

    [Fact]
    public async Task Signal_ClientLeaves_Aborts()
    {
        await using var isolate = await StartAsync();
        using var leaving = new CancellationTokenSource();
        var call = isolate.CallAsync(Call(isolate, "signal", 1), leaving.Token);
        Assert.Equal("waiting", await isolate.HearAsync());
        await leaving.CancelAsync();
        Assert.Equal(AnswerKind.Canceled, (await call).Kind);
        Assert.Equal("AbortError", await isolate.HearAsync());
    }

    [Fact]
    public async Task Deadline_HandlerNeverSettles_EndsTheWaitAndTellsTheHandler()
    {
        await using var isolate = await StartAsync(deadline: TimeSpan.FromMilliseconds(50));
        var waiting = isolate.CallAsync(Call(isolate, "signal", 1));
        var lost = isolate.CallAsync(Call(isolate, "never", 2));
        Assert.Equal("waiting", await isolate.HearAsync());
        Assert.Equal("TimeoutError", await isolate.HearAsync());
        Assert.Equal(AnswerKind.TimedOut, (await waiting).Kind);
        Assert.Equal(AnswerKind.TimedOut, (await lost).Kind);
        Assert.Equal("\"/items/4\"", (await isolate.CallAsync(Call(isolate, "path", 4))).Json);
    }

    [Fact]
    public async Task Deadline_PassedLongAgoWhenTheScriptGetsTheCall_EndsTheWait()
    {
        await using var isolate = await StartAsync(
            deadline: TimeSpan.FromMilliseconds(20),
            handlers: new()
            {
                ["busy"] = "() => { say('busy'); const end = Date.now() + 300; while (Date.now() < end); }",
                ["never"] = "() => new Promise(() => {})",
            });
        var busy = isolate.CallAsync(Call(isolate, "busy", 1));
        Assert.Equal("busy", await isolate.HearAsync());
        var late = isolate.CallAsync(Call(isolate, "never", 2));

        Assert.Equal(AnswerKind.TimedOut, (await late).Kind);
        await busy;
    }

    [Fact]
    public async Task Deadline_CallWithoutOne_Waits()
    {
        var gate = new GateOperation();
        await using var isolate = await StartAsync(
            deadline: TimeSpan.FromMilliseconds(20),
            operations: new Dictionary<string, IOperationHandler> { ["gate"] = gate },
            handlers: new() { ["wait"] = "async () => { await operation('gate').promise; return 'waited' }", ["never"] = "() => new Promise(() => {})" });
        var waiting = isolate.CallAsync(new HandlerRequest { Endpoint = isolate.Endpoint("wait"), HasNoDeadline = true });
        var visit = await gate.NextAsync();
        Assert.Equal(AnswerKind.TimedOut, (await isolate.CallAsync(Call(isolate, "never", 1))).Kind);
        visit.Pass();
        Assert.Equal("\"waited\"", (await waiting).Json);
    }

    private protected Task<TestIsolate> StartAsync(
        string module = "",
        TimeSpan? deadline = null,
        IReadOnlyDictionary<string, IOperationHandler>? operations = null,
        Dictionary<string, string>? handlers = null) =>
        TestIsolate.StartAsync(factory, handlers ?? Handlers, operations, Module + module, deadline);

    private sealed class Source(string description) : ICallSource
    {
        public string Describe() => description;
    }
}

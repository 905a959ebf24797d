using System.Text.Json.Nodes;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateOperationsTests() : IsolateOperationsContract(new V8EngineFactory(), many: 10_000);

public sealed class JintIsolateOperationsTests() : IsolateOperationsContract(new JintEngineFactory(), many: 2_000);

/// <summary>What scripts ask the host to do.</summary>
public abstract class IsolateOperationsContract(IScriptEngineFactory factory, int many)
{
    private const string Describe = "(error) => ({ name: error.name, message: error.message, code: error.code, cause: error.cause, isError: error instanceof Error })";

    [Theory]
    [InlineData("undefined", "null")]
    [InlineData("null", "null")]
    [InlineData("{ a: ['ä', 1, null], u: undefined }", """{"a":["ä",1,null]}""")]
    [InlineData("'\\ud800'", "\"\\ud800\"")]
    [InlineData("Array.from({ length: 300 }).reduce((inner) => [inner], 1)", null)]
    public async Task Operation_Completes_ResolvesWithItsValue(string payload, string? seen)
    {
        await using var isolate = await StartAsync($"async () => (await operation('echo', {payload}).promise).value");
        var answer = await isolate.CallAsync("run");
        Assert.Equal(AnswerKind.Value, answer.Kind);
        if (seen is not null)
        {
            Assert.Equal(seen, answer.Json);
        }
    }

    [Fact]
    public async Task Operation_WithBytesBothWays_CopiesThem()
    {
        await using var isolate = await StartAsync("""
            async () => {
              const sent = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
              const started = operation('reverse', null, sent);
              sent[0] = 77;
              const { value, bytes } = await started.promise;
              const none = await operation('reverse', null, new Uint8Array(0)).promise;
              const without = await operation('echo', 1).promise;
              return [value, bytes instanceof Uint8Array, [...bytes], none.bytes.length, without.bytes];
            }
            """);
        Assert.Equal("""[3,true,[3,2,1],0,null]""", (await isolate.CallAsync("run")).Json);
    }

    [Theory]
    [InlineData("unknown", """{"name":"Error","message":"this host has no operation 'unknown'","isError":true}""")]
    [InlineData("named", """{"name":"TypeError","message":"no \"luck\" ☹","code":"ECONNREFUSED","cause":"deep","isError":true}""")]
    [InlineData("throws", """{"name":"Error","message":"at once","isError":true}""")]
    [InlineData("throwsLater", """{"name":"Error","message":"later","isError":true}""")]
    [InlineData("canceled", """{"name":"Error","message":"not asked for","isError":true}""")]
    public async Task Operation_Fails_RejectsWithAnError(string kind, string error)
    {
        await using var isolate = await StartAsync($"() => operation('{kind}').promise.catch({Describe})");
        Assert.Equal(new Answer(AnswerKind.Value, error), await isolate.CallAsync("run"));
    }

    [Fact]
    public async Task Operation_FailsWithFields_RejectsWithAnErrorThatHasThem()
    {
        await using var isolate = await StartAsync(
            "() => operation('fielded').promise.catch(({ name, code, detail, position, transient, other }) => ({ name, code, detail, position, transient, other }))");
        Assert.Equal(
            """{"name":"SQLError","code":"23505","detail":"Key (name)=(\"☹\") exists","position":7,"transient":true}""",
            (await isolate.CallAsync("run")).Json);
    }

    [Fact]
    public async Task Operation_WithAPayloadThatIsNoJson_FailsItsCallerAlone()
    {
        await using var isolate = await StartAsync("""
            async (request) => {
              if (request.bad) { const a = {}; a.a = a; await operation('echo', a).promise; }
              return (await operation('echo', request.id).promise).value;
            }
            """);
        var bad = isolate.CallAsync("run", """{"bad":true}""");
        var good = isolate.CallAsync("run", """{"id":5}""");
        Assert.Equal(AnswerKind.Error, (await bad).Kind);
        Assert.Equal("5", (await good).Json);
        Assert.Equal("6", (await isolate.CallAsync("run", """{"id":6}""")).Json);
    }

    [Fact]
    public async Task Operations_ManyAtOnce_EachGetTheirOwnResult()
    {
        await using var isolate = await StartAsync($$"""
            async () => {
              const all = await Promise.all(Array.from({ length: {{many}} }, (_, i) =>
                operation('later', i, new Uint8Array([i & 255])).promise.then(({ value, bytes }) => value === i && bytes[0] === (i & 255))));
              return [all.length, all.every(Boolean)];
            }
            """);
        Assert.Equal($"[{many},true]", (await isolate.CallAsync("run")).Json);
    }

    [Fact]
    public async Task Cancel_OfARunningOperation_CancelsAndRejects()
    {
        var gate = new GateOperation();
        await using var isolate = await StartAsync(
            $$"""
            async (request) => {
              globalThis.running = operation('gate');
              return running.promise.catch({{Describe}});
            }
            """,
            gate,
            "() => { running.cancel(); running.cancel() }");
        var call = isolate.CallAsync("run");
        var visit = await gate.NextAsync();
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = visit.Cancellation.Register(canceled.SetResult);
        await isolate.CallAsync("other");
        await canceled.Task.WaitAsync(EngineThread.Patience);
        Assert.Contains("AbortError", (await call).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_RightAfterTheStart_IsNeverOvertaken()
    {
        await using var isolate = await StartAsync(
            $$"""
            async (request) => {
              const same = operation('never');
              same.cancel();
              const next = operation('never');
              await null; await null; await null;
              next.cancel();
              const later = operation('never');
              const wait = operation('echo').promise;
              setTimeout(() => later.cancel(), 0);
              const all = await Promise.allSettled([same.promise, next.promise, later.promise, wait]);
              return all.map(({ status, reason }) => reason?.name ?? status);
            }
            """);
        for (var time = 0; time < 100; time++)
        {
            Assert.Equal("""["AbortError","AbortError","AbortError","fulfilled"]""", (await isolate.CallAsync("run", "{}")).Json);
        }
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_IsNoError()
    {
        await using var isolate = await StartAsync("""
            async () => {
              const done = operation('echo', 1);
              const { value } = await done.promise;
              done.cancel();
              return value + (await operation('echo', 2).promise).value;
            }
            """);
        Assert.Equal("3", (await isolate.CallAsync("run")).Json);
    }

    [Fact]
    public async Task Operation_EndsAfterDispose_HarmsNobody()
    {
        var gate = new GateOperation();
        var isolate = await StartAsync("() => operation('gate').promise", gate);
        var call = isolate.CallAsync("run");
        var visit = await gate.NextAsync();
        await isolate.DisposeAsync();
        Assert.Equal(AnswerKind.Lost, (await call).Kind);
        Assert.True(visit.Cancellation.IsCancellationRequested);
        visit.Pass("1");
    }

    [Fact]
    public async Task Handler_ThatBlocks_DelaysNeitherIsolateNorOthers()
    {
        using var held = new Held();
        var blocking = new FunctionOperation((_, _, _) =>
        {
            held.Stand();
            return new(new OperationOutcome("\"held\""));
        });
        await using var isolate = await StartAsync("() => operation('gate').promise.then(({ value }) => value)", blocking, "async () => (await operation('echo', 'free').promise).value");
        var blocked = isolate.CallAsync("run");
        await held.Reached.WaitAsync(EngineThread.Patience);
        Assert.Equal("\"free\"", (await isolate.CallAsync("other")).Json);
        held.Release();
        Assert.Equal("\"held\"", (await blocked).Json);
    }

    private Task<TestIsolate> StartAsync(string handler, IOperationHandler? gate = null, string other = "() => {}") => TestIsolate.StartAsync(
        factory,
        new Dictionary<string, string> { ["run"] = handler, ["other"] = other },
        new Dictionary<string, IOperationHandler>
        {
            ["echo"] = new FunctionOperation((payload, _, _) => new(new OperationOutcome(payload.GetRawText()))),
            ["gate"] = gate ?? new GateOperation(),
            ["never"] = new FunctionOperation(async (_, _, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return OperationOutcome.None;
            }),
            ["later"] = new FunctionOperation(async (payload, bytes, _) =>
            {
                await Task.Yield();
                return new OperationOutcome(payload.GetRawText(), bytes);
            }),
            ["reverse"] = new FunctionOperation((_, bytes, _) => new(new OperationOutcome($"{bytes!.Length}", bytes.Reverse().ToArray()))),
            ["named"] = new FunctionOperation((_, _, _) => throw new OperationException("TypeError", "no \"luck\" ☹", "ECONNREFUSED", new IOException("deep"))),
            ["fielded"] = new FunctionOperation((_, _, _) => throw new OperationException("SQLError", "taken", "23505")
            {
                Fields = new JsonObject { ["detail"] = "Key (name)=(\"☹\") exists", ["position"] = 7, ["transient"] = true },
            }),
            ["throws"] = new FunctionOperation((_, _, _) => throw new InvalidOperationException("at once")),
            ["throwsLater"] = new FunctionOperation(async (_, _, _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            }),
            ["canceled"] = new FunctionOperation((_, _, _) => throw new OperationCanceledException("not asked for")),
        });
}

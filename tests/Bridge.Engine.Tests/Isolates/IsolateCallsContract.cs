using System.Text;
using System.Text.Json;
using Bridge.Core.Isolates;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateCallsTests() : IsolateCallsContract(new V8EngineFactory(), callers: 10_000);

public sealed class JintIsolateCallsTests() : IsolateCallsContract(new JintEngineFactory(), callers: 2_000);

/// <summary>Calls and their answers, when nothing goes wrong.</summary>
public abstract class IsolateCallsContract(IScriptEngineFactory factory, int callers)
{
    [Theory]
    [InlineData("() => undefined", "")]
    [InlineData("() => {}", "")]
    [InlineData("() => null", "null")]
    [InlineData("() => 0", "0")]
    [InlineData("() => ''", "\"\"")]
    [InlineData("() => false", "false")]
    [InlineData("() => NaN", "null")]
    [InlineData("() => () => 1", "")]
    [InlineData("() => Symbol('s')", "")]
    [InlineData("() => ({ f() {}, u: undefined, d: new Date(0) })", """{"d":"1970-01-01T00:00:00.000Z"}""")]
    [InlineData("() => ({ text: 'ä ✓ 😀' })", """{"text":"ä ✓ 😀"}""")]
    [InlineData("() => '\\ud800'", "\"\\ud800\"")]
    [InlineData("async () => ({ a: 1 })", """{"a":1}""")]
    [InlineData("async () => { await null; await null; return [1] }", "[1]")]
    [InlineData("async () => undefined", "")]
    [InlineData("() => new Promise((resolve) => setTimeout(() => resolve('late'), 5))", "\"late\"")]
    [InlineData("() => ({ then(resolve) { resolve('thenable') } })", "\"thenable\"")]
    [InlineData("() => ({ then(resolve) { resolve('once'); resolve('twice'); throw new Error('ignored') } })", "\"once\"")]
    [InlineData("() => ({ then: 'not a function' })", """{"then":"not a function"}""")]
    [InlineData("() => new (class Loud extends Promise {})((resolve) => resolve('subclass'))", "\"subclass\"")]
    [InlineData("() => ({ n: 12345678901234567890n })", """{"n":"12345678901234567890"}""")]
    [InlineData("() => ({ toJSON: () => ({ replaced: true }) })", """{"replaced":true}""")]
    [InlineData("() => ({ toJSON: () => undefined })", "")]
    public async Task Handler_Returns_AnswersWithItsJson(string handler, string json)
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["run"] = handler });
        Assert.Equal(new Answer(AnswerKind.Value, json), await isolate.CallAsync("run"));
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("{}", "{}")]
    [InlineData("""{"a":[1,2,{"b":null}],"text":"ä ✓ 😀 \ud83d\ude00 \u0000 \ud800"}""", """{"a":[1,2,{"b":null}],"text":"ä ✓ 😀 😀 \u0000 \ud800"}""")]
    [InlineData("""{"__proto__":{"polluted":true}}""", """{"__proto__":{"polluted":true}}""")]
    public async Task Handler_ReceivesItsPayload(string? payload, string seen)
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["echo"] = "(request) => request" });
        Assert.Equal(new Answer(AnswerKind.Value, seen), await isolate.CallAsync("echo", payload));
    }

    [Fact]
    public async Task Handler_AnswersFiveMebibytes()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["ascii"] = "() => 'x'.repeat(5 * 1024 * 1024)",
            ["wide"] = "() => 'é漢'.repeat(1024 * 1024)",
            ["small"] = "() => 'ok'",
        });
        var ascii = isolate.CallAsync("ascii");
        var small = isolate.CallAsync("small");
        var wide = isolate.CallAsync("wide");
        Assert.Equal((5 * 1024 * 1024) + 2, (await ascii).Json.Length);
        Assert.Equal("\"ok\"", (await small).Json);
        Assert.Equal(string.Concat("\"", string.Concat(Enumerable.Repeat("é漢", 1024 * 1024)), "\""), (await wide).Json);
    }

    [Fact]
    public async Task Calls_FromManyThreads_EachGetTheirOwnAnswer()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["now"] = "(request) => request",
            ["later"] = "async (request) => { for (let i = 0; i < request.id % 4; i++) await null; return request }",
            ["timer"] = "(request) => new Promise((resolve) => setTimeout(() => resolve(request), request.id % 3))",
            ["fail"] = "(request) => { throw new Error(JSON.stringify(request)) }",
        });
        string[] endpoints = ["now", "later", "timer", "fail"];

        // Every other payload is not ASCII, and sizes differ, so that batches are mixed and buffers change hands.
        await Crowd.RunAsync(callers, 512, async id =>
        {
            var endpoint = endpoints[id % endpoints.Length];
            var text = new string(id % 2 == 0 ? 'a' : (char)('ß' + (id % 500)), id % 97);
            var payload = $$"""{"id":{{id}},"text":"{{text}}"}""";
            var answer = await isolate.CallAsync(endpoint, payload);
            if (endpoint == "fail")
            {
                Assert.Equal(AnswerKind.Error, answer.Kind);
                Assert.Equal(payload, JsonDocument.Parse(answer.Json).RootElement.GetProperty("message").GetString());
            }
            else
            {
                Assert.Equal(new Answer(AnswerKind.Value, payload), answer);
            }
        });
        Assert.Equal(callers, isolate.Isolate.HandlerCalls);
        Assert.InRange(isolate.Isolate.Turns, 1, callers * 3L);
    }

    [Theory]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(2_000)]
    public async Task Answers_MoreThanABlockHolds_AllArrive(int count)
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string>
            {
                ["wait"] = "async (request) => { await gate; return request.id }",
                ["open"] = "() => { open() }",
            },
            module: "let open; const gate = new Promise((resolve) => { open = resolve });");
        var waiting = Enumerable.Range(0, count).Select(id => isolate.CallAsync("wait", $$"""{"id":{{id}}}""")).ToArray();
        Assert.Equal(AnswerKind.Value, (await isolate.CallAsync("open")).Kind);
        var answers = await Task.WhenAll(waiting).WaitAsync(EngineThread.Patience);
        Assert.Equal(Enumerable.Range(0, count).Select(id => $"{id}"), answers.Select(answer => answer.Json));
    }

    [Fact]
    public async Task Calls_OfOneThread_ReachHandlersInOrder()
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string> { ["add"] = "(request) => { seen.push(request.id) }", ["seen"] = "() => seen" },
            module: "const seen = [];");
        var calls = Enumerable.Range(0, 1_000).Select(id => isolate.CallAsync("add", $$"""{"id":{{id}}}""")).ToArray();
        await Task.WhenAll(calls).WaitAsync(EngineThread.Patience);
        Assert.Equal(JsonSerializer.Serialize(Enumerable.Range(0, 1_000)), (await isolate.CallAsync("seen")).Json);
    }

    [Fact]
    public async Task Call_ThatWaits_DelaysNoOther()
    {
        var gate = new GateOperation();
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string> { ["wait"] = "async () => { await operation('gate').promise; return 'waited' }", ["now"] = "() => 'now'" },
            new Dictionary<string, Core.Operations.IOperationHandler> { ["gate"] = gate });
        var waiting = isolate.CallAsync("wait");
        var visit = await gate.NextAsync();
        Assert.Equal("\"now\"", (await isolate.CallAsync("now")).Json);
        Assert.False(waiting.IsCompleted);
        visit.Pass();
        Assert.Equal("\"waited\"", (await waiting).Json);
    }

    [Fact]
    public async Task Payload_OfACall_IsReturnedOnceItIsRead()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["echo"] = "(request) => request" });
        var payload = TestIsolate.Payload("""{"a":1}""")!;
        using var answer = await isolate.Isolate.CallAsync(0, payload).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal(0, payload.Length);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(answer.Json));
    }

    [Fact]
    public async Task Reviver_OfAnEndpoint_PreparesItsPayload()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(new Dictionary<string, string> { ["run"] = "({ at, big }) => [at instanceof Date, at.toISOString(), typeof big, big + 1n]" });
        var revived = bundle with
        {
            Endpoints = [bundle.Endpoints[0] with { Reviver = "(v) => { v.at = new Date(v.at); v.big = BigInt(v.big); return v }" }],
        };
        await isolate.Isolate.LoadAsync(revived).WaitAsync(EngineThread.Patience);
        using var answer = await isolate.Isolate.CallAsync(0, TestIsolate.Payload("""{"at":86400000,"big":"9007199254740993"}""")).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal("""[true,"1970-01-02T00:00:00.000Z","bigint","9007199254740994"]""", Encoding.UTF8.GetString(answer.Json));
    }

    [Fact]
    public async Task Reviver_OfADecimal_GetsItsClass()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(new Dictionary<string, string> { ["run"] = "({ price }) => [price.value, price.add('0.2').mul(3n), price.div(3).value.length, `${price}`, price]" });
        var revived = bundle with { Endpoints = [bundle.Endpoints[0] with { Reviver = "(v, Decimal) => { v.price = new Decimal(v.price); return v }" }] };
        await isolate.Isolate.LoadAsync(revived).WaitAsync(EngineThread.Patience);
        using var answer = await isolate.Isolate.CallAsync(0, TestIsolate.Payload("""{"price":"0.10"}""")).AsTask().WaitAsync(EngineThread.Patience);
        Assert.Equal("""["0.10","0.90",103,"0.10","0.10"]""", Encoding.UTF8.GetString(answer.Json));
    }
}

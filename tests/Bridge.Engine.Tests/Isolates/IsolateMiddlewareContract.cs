using System.Text;
using Bridge.Core.Isolates;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateMiddlewareTests() : IsolateMiddlewareContract(new V8EngineFactory());

public sealed class JintIsolateMiddlewareTests() : IsolateMiddlewareContract(new JintEngineFactory());

/// <summary>What runs around handlers.</summary>
public abstract class IsolateMiddlewareContract(IScriptEngineFactory factory)
{
    private static readonly Dictionary<string, string> Handlers = new()
    {
        ["open"] = "(request) => { seen.push('handler'); return { seen: [...seen], data: runtime.currentRequest().middlewareData ?? null } }",
        ["tagged"] = "async () => ({ seen: [...seen] })",
        ["fails"] = "() => { throw new Error('broken') }",
        ["empty"] = "() => undefined",
    };

    [Fact]
    public async Task Chain_RunsInOrderAroundTheHandler()
    {
        var answer = await CallAsync("open", """
            [
              { handler: async (request, next) => { seen.push('a'); request.data.from = 'a'; const response = await next(request); response.payload.after = [...seen]; return response } },
              { handler: async (request, next) => { seen.push('b'); const response = await next(request); seen.push('b again'); return response } },
            ]
            """);
        Assert.Equal(AnswerKind.Value, answer.Kind);
        Assert.Equal("""{"seen":["a","b","handler"],"data":{"from":"a"},"after":["a","b","handler","b again"]}""", answer.Json);
    }

    [Theory]
    [InlineData("{ expose: true }", "open", true)]
    [InlineData("{ expose: false }", "open", false)]
    [InlineData("{ auth: true }", "open", false)]
    [InlineData("{ auth: false }", "open", true)]
    [InlineData("{ isRaw: true }", "open", false)]
    [InlineData("{ isStream: true }", "open", false)]
    [InlineData("{ isStream: false, isRaw: false }", "open", true)]
    [InlineData("{ tags: ['x'] }", "open", false)]
    [InlineData("{ tags: ['x', 'cached'] }", "tagged", true)]
    [InlineData("{ tags: [] }", "open", true)]
    [InlineData("{ tags: ['cached'], expose: false }", "tagged", false)]
    public async Task Target_OfAnEndpoint_DecidesWhetherItRuns(string target, string endpoint, bool runs)
    {
        var answer = await CallAsync(endpoint, $$"""[{ target: {{target}}, handler: async (request, next) => { seen.push('ran'); return next(request) } }]""");
        Assert.Equal(runs, answer.Json.Contains("ran", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Response_StatusAndHeaders_TravelInTheHead()
    {
        var answer = await CallAsync("open", """
            [{ handler: async (request, next) => {
              const response = await next(request);
              response.status = 202;
              response.header.set('X-A', 'one');
              response.header.set('x-a', 'two');
              response.header.add('X-B', ['1', '2']);
              response.payload = { changed: true };
              return response;
            } }]
            """);
        Assert.Equal(AnswerKind.Headed, answer.Kind);
        Assert.Equal("""[202,["x-a","two","X-B","1","X-B","2"],null]{"changed":true}""", answer.Json);
    }

    [Theory]
    [InlineData("response.header.set('X-A', 'a\\r\\nX-Evil: 1')", "TypeError")]
    [InlineData("response.header.set('X A', 'a')", "TypeError")]
    [InlineData("response.status = 20", "RangeError")]
    [InlineData("response.header.set('X-A', 'é')", "TypeError")]
    public async Task Response_HeadThatCantBeSent_FailsWhereItIsSet(string change, string error)
    {
        var answer = await CallAsync("open", $$"""[{ handler: async (request, next) => { const response = await next(request); {{change}}; return response } }]""");
        Assert.Equal(AnswerKind.Error, answer.Kind);
        Assert.Contains($"\"name\":\"{error}\"", answer.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_NotContinued_NeverCallsTheHandler()
    {
        var answer = await CallAsync("open", """
            [{ handler: async (request, next) => { const other = await probe(next, request); return other } }]
            """,
            "const probe = async (next, request) => { const { constructor } = await next(request); seen.length = 0; return new constructor({ short: seen }) };");
        Assert.Equal("""{"short":[]}""", answer.Json);
    }

    [Fact]
    public async Task Chain_HandlerThrows_MiddlewareMayCatchIt()
    {
        Assert.Equal(AnswerKind.Error, (await CallAsync("fails", "[{ handler: (request, next) => next(request) }]")).Kind);
        var caught = await CallAsync("fails", "[{ handler: async (request, next) => { try { return await next(request) } catch (error) { throw new RangeError('instead of ' + error.message) } } }]");
        Assert.Contains("instead of broken", caught.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_NothingReturned_IsAnErrorThatSaysSo()
    {
        var answer = await CallAsync("open", "[{ handler: async (request, next) => { await next(request) } }]");
        Assert.Equal(AnswerKind.Error, answer.Kind);
        Assert.Contains("a middleware returned no HandlerResponse", answer.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_HandlerAnswersNothing_AnswersNothing()
    {
        var answer = await CallAsync("empty", "[{ handler: (request, next) => next(request) }]");
        Assert.Equal(new Answer(AnswerKind.Value, ""), answer);
    }

    [Fact]
    public async Task Chain_ContinuedByAnotherCall_EachStepSeesItsOwnRequest()
    {
        await using var isolate = await StartAsync("""
            [{ handler: (request, next) => new Promise((resolve, reject) => {
              request.data.who = waiting.length;
              waiting.push(() => next(request).then(resolve, reject));
              if (waiting.length === 2) for (const run of waiting.splice(0)) run();
            }) },
            { handler: (request, next) => { runtime.currentRequest().middlewareData.inner = request.data.who; return next(request) } }]
            """,
            "const waiting = [];");

        var answers = await Task.WhenAll(AnswerAsync(isolate, "open"), AnswerAsync(isolate, "open"));

        Assert.Equal(
            ["""{"seen":["handler"],"data":{"who":0,"inner":0}}""", """{"seen":["handler","handler"],"data":{"who":1,"inner":1}}"""],
            answers.Select(answer => answer.Json));
    }

    [Fact]
    public async Task Service_WithoutItsModule_IsRefused()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(Handlers, "const seen = [];") with { Services = [new ServiceBinding("test", "encore.service.ts", "default")] };
        var error = await Assert.ThrowsAsync<ScriptException>(() => isolate.Isolate.LoadAsync(bundle));
        Assert.Contains("encore.service.ts exports no Service named default", error.Message, StringComparison.Ordinal);
    }

    private async Task<Answer> CallAsync(string endpoint, string middlewares, string module = "")
    {
        await using var isolate = await StartAsync(middlewares, module);
        return await AnswerAsync(isolate, endpoint);
    }

    private async Task<TestIsolate> StartAsync(string middlewares, string module)
    {
        var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(
            Handlers, $"const seen = [];\n{module}\nruntime.bind('encore.service.ts', {{ default: {{ cfg: {{ middlewares: ({middlewares}).map(({{ handler, target }}) => Object.assign(handler, target && {{ options: {{ target }} }})) }} }} }});\n");
        var endpoints = bundle.Endpoints.Select(binding => binding with { IsExposed = true, Tags = binding.Name == "tagged" ? ["cached"] : [] }).ToList();
        await isolate.Isolate.LoadAsync(bundle with { Endpoints = endpoints, Services = [new ServiceBinding("test", "encore.service.ts", "default")] });
        return isolate;
    }

    private static async Task<Answer> AnswerAsync(TestIsolate isolate, string endpoint)
    {
        var id = Handlers.Keys.ToList().IndexOf(endpoint);
        using var answer = await isolate.Isolate.CallAsync(id, TestIsolate.Payload("{}")).AsTask().WaitAsync(EngineThread.Patience);
        return new Answer(answer.Kind, Encoding.UTF8.GetString(answer.Json));
    }
}

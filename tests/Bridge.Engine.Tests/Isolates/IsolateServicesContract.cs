using System.Text;
using System.Text.Json;
using Bridge.Core.Isolates;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateServicesTests() : IsolateServicesContract(new V8EngineFactory());

public sealed class JintIsolateServicesTests() : IsolateServicesContract(new JintEngineFactory());

/// <summary>Who makes a call, and calls from service to service.</summary>
public abstract class IsolateServicesContract(IScriptEngineFactory factory)
{
    private const string Module =
        """
        let asked = 0;
        const failure = (code, message) => Object.assign(new Error(message), { code, [Symbol.for("encore-host.api-error")]: true });
        const auth = async ({ token }) => {
          asked++;
          if (token === "nobody") return null;
          if (token === "unknown") throw failure("unauthenticated", "who are you");
          if (token === "broken") throw new Error("no database");
          if (token === "nameless") return { userID: "" };
          return { userID: token, role: "admin" };
        };
        runtime.bind("auth.ts", { auth: endpoint(auth) });
        const call = (...args) => runtime.callService(...args);
        """;

    private static readonly Dictionary<string, string> Handlers = new()
    {
        ["who"] = "() => runtime.authData()",
        ["open"] = "() => ({ user: runtime.authData()?.userID ?? null, asked })",
        ["echo"] = "(request) => ({ got: request, user: runtime.authData()?.userID ?? null })",
        ["viaEcho"] = "(request) => call('test', 'echo', request)",
        ["viaOther"] = "(request) => call('test', 'who', request, { authData: { userID: 'other' } })",
        ["viaWho"] = "() => call('test', 'who', undefined)",
        ["refuses"] = "() => { throw failure('already_exists', 'taken') }",
        ["viaRefuses"] = "() => call('test', 'refuses')",
        ["breaks"] = "() => { throw new TypeError('secret') }",
        ["viaBreaks"] = "() => call('test', 'breaks').catch((error) => { throw error })",
        ["viaNowhere"] = "() => call('nowhere', 'get')",
        ["trace"] = "() => runtime.currentRequest().trace",
        ["viaTrace"] = "async () => { await null; const mine = runtime.currentRequest()?.trace; return { mine, its: await call('test', 'trace') } }",
    };

    [Theory]
    [InlineData("who", "ada", AnswerKind.Headed, """[0,[],"ada"]{"userID":"ada","role":"admin"}""")]
    [InlineData("open", "ada", AnswerKind.Headed, """[0,[],"ada"]{"user":"ada","asked":1}""")]
    [InlineData("open", "unknown", AnswerKind.Value, """{"user":null,"asked":1}""")]
    public async Task AuthHandler_Knows_WhoMakesTheCall(string endpoint, string token, AnswerKind kind, string answer)
    {
        await using var isolate = await StartAsync();
        Assert.Equal(new Answer(kind, answer), await isolate.CallAsync(Authenticated(endpoint, token)));
    }

    [Theory]
    [InlineData("who", "nobody", "unauthenticated", "unauthenticated")]
    [InlineData("open", "nobody", "unauthenticated", "unauthenticated")]
    [InlineData("open", "nameless", "unauthenticated", "unauthenticated")]
    [InlineData("who", "unknown", "unauthenticated", "who are you")]
    [InlineData("open", "broken", null, "no database")]
    public async Task AuthHandler_Refuses_TheCall(string endpoint, string token, string? code, string message)
    {
        await using var isolate = await StartAsync();
        var answer = await isolate.CallAsync(Authenticated(endpoint, token));
        Assert.Equal(AnswerKind.Error, answer.Kind);
        var error = JsonDocument.Parse(answer.Json).RootElement;
        Assert.Equal(message, error.GetProperty("message").GetString());
        Assert.Equal(code, error.TryGetProperty("code", out var given) ? given.GetString() : null);
        Assert.True(error.GetProperty("refused").GetBoolean());
    }

    [Fact]
    public async Task AuthHandler_Alone_AnswersWithItsData()
    {
        await using var isolate = await StartAsync();
        var answer = await isolate.CallAsync(Authenticated(null, "ada"));
        Assert.Equal("""[0,[],"ada"]{"userID":"ada","role":"admin"}""", answer.Json);
        Assert.Equal(AnswerKind.Error, (await isolate.CallAsync(Authenticated(null, "nobody"))).Kind);
    }

    [Fact]
    public async Task AuthHandler_WithACache_IsAskedOnceForEachUserThatItLetIn()
    {
        await using var isolate = await StartAsync(cacheSeconds: 60);
        string[] tokens = ["ada", "ada", "ben", "ada", "unknown", "unknown"];
        var answers = new List<string>();
        foreach (var token in tokens)
        {
            answers.Add((await isolate.CallAsync(Authenticated("open", token))).Json);
        }

        Assert.EndsWith("""{"user":"ada","asked":1}""", answers[1], StringComparison.Ordinal);
        Assert.EndsWith("""{"user":"ada","asked":2}""", answers[3], StringComparison.Ordinal);
        Assert.EndsWith("""{"user":null,"asked":4}""", answers[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthHandler_WithACache_DoesntKeepLongCredentials()
    {
        await using var isolate = await StartAsync(cacheSeconds: 60);
        var token = new string('a', 5_000);

        await isolate.CallAsync(Authenticated("open", token));
        Assert.EndsWith("\"asked\":2}", (await isolate.CallAsync(Authenticated("open", token))).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToAnotherService_PassesParametersAndUser()
    {
        await using var isolate = await StartAsync();
        Assert.Equal("""[0,[],"ada"]{"got":{"a":1},"user":"ada"}""", (await isolate.CallAsync(Authenticated("viaEcho", "ada", """{"a":1}"""))).Json);
        Assert.Equal("""{"userID":"other"}""", (await isolate.CallAsync("viaOther", "{}")).Json);
    }

    [Fact]
    public async Task Call_WithoutTheUserItNeeds_IsRefused()
    {
        await using var isolate = await StartAsync();
        var error = JsonDocument.Parse((await isolate.CallAsync("viaWho")).Json).RootElement;
        Assert.Equal("unauthenticated", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Call_ThatFails_KeepsApiErrorsAndHidesOthers()
    {
        await using var isolate = await StartAsync();
        Assert.Contains("\"code\":\"already_exists\"", (await isolate.CallAsync("viaRefuses")).Json, StringComparison.Ordinal);
        var hidden = (await isolate.CallAsync("viaBreaks")).Json;
        Assert.Contains("\"code\":\"internal\"", hidden, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", hidden, StringComparison.Ordinal);
        Assert.Contains(isolate.Log, line => line.Level == 4 && line.Fields.Contains("TypeError: secret", StringComparison.Ordinal));
        Assert.Contains("\"code\":\"not_found\"", (await isolate.CallAsync("viaNowhere")).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToAnotherService_StaysInTheTrace()
    {
        if (factory.Name == "jint")
        {
            // Jint's awaits lose the caller; the call then begins a trace of its own.
            return;
        }

        await using var isolate = await StartAsync();
        var call = new HandlerRequest { Endpoint = isolate.Endpoint("viaTrace"), Trace = new CallTrace(7, 9) };
        var seen = JsonDocument.Parse((await isolate.CallAsync(call)).Json).RootElement;
        var (mine, its) = (seen.GetProperty("mine"), seen.GetProperty("its"));
        Assert.Equal(mine.GetProperty("traceId").GetString(), its.GetProperty("traceId").GetString());
        Assert.Equal(mine.GetProperty("spanId").GetString(), its.GetProperty("parentSpanId").GetString());
        Assert.NotEqual(mine.GetProperty("spanId").GetString(), its.GetProperty("spanId").GetString());
    }

    private HandlerRequest Authenticated(string? endpoint, string token, string request = "null") => new()
    {
        Endpoint = endpoint is null ? HandlerRequest.AuthOnly : Handlers.Keys.ToList().IndexOf(endpoint),
        Payload = TestIsolate.Payload($$"""[{"token":"{{token}}"},{{request}}]"""),
        Authenticates = true,
    };

    private async Task<TestIsolate> StartAsync(double cacheSeconds = 0)
    {
        var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(Handlers, Module);
        await isolate.LoadAsync(bundle with
        {
            Endpoints = [.. bundle.Endpoints.Select(binding => binding with { NeedsAuth = binding.Name == "who" })],
            AuthHandler = new AuthBinding("auth.ts", "auth", null, cacheSeconds),
        });
        return isolate;
    }
}

using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Tests.Http;
using Encore.Host.Tests.Streams;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Streams between services that share the isolate.</summary>
public sealed class LocalStreamTests
{
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        const open = (name, ...more) => runtime.callService("rooms", name, ...more);
        const say = (text) => runtime.log(2, text, undefined);
        const failed = (promise) => promise.then(() => "passed", (error) => `${error.code ?? error.name}: ${error.message}`);
        class TestError extends Error {
          constructor(code, message) { super(message); this.code = code; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        runtime.bind("caller.ts", {
          both: endpoint(async () => {
            const stream = await open("talk", { room: "lobby" });
            const sent = { text: "hi", at: new Date(1000) };
            await stream.send(sent);
            const { text, at, ...rest } = await stream.recv();
            const late = failed(stream.recv());
            await stream.close();
            return { lines: [text, at.toISOString(), String(at === sent.at), JSON.stringify(rest), await late, await failed(stream.send(sent))] };
          }),
          wrong: endpoint(async () => {
            const stream = await open("talk", { room: "lobby" });
            return { lines: [await failed(stream.send({ text: 1, at: new Date(0) })), await failed(open("talk", { room: 1 })), await failed(open("members"))] };
          }),
          count: endpoint(async () => {
            const stream = await open("count");
            await stream.send({ text: "a", at: new Date(0) });
            await stream.send({ text: "b", at: new Date(0) });
            await stream.close();
            const { text } = await stream.response();
            return { lines: [text] };
          }),
          errors: endpoint(async () => {
            const refused = await open("refuse");
            const crashed = await open("crash");
            const lines = [(await refused.recv()).text, await failed(refused.recv()), await failed(crashed.recv())];
            return { lines: [...lines, await failed((await open("countBadly")).response())] };
          }),
          leave: endpoint(async () => {
            const lines = [];
            for await (const { text } of await open("flood")) { lines.push(text); if (lines.length === 2) break; }
            return { lines };
          }),
          slow: endpoint(async () => {
            const stream = await open("flood");
            await new Promise((resolve) => setTimeout(resolve, 0));
            say("caller looks");
            return { lines: [(await stream.recv()).text] };
          }),
          user: endpoint(async () => ({ lines: [(await (await open("who", { authData: { userID: "ada" } })).recv()).text] })),
          hang: endpoint(async () => { const stream = await open("silent"); return { lines: [(await stream.recv()).text] }; }),
        });
        runtime.bind("rooms.ts", {
          talk: endpoint(async ({ room }, stream) => {
            for await (const { text, at } of stream) await stream.send({ text: `${room}: ${text}`, at, undeclared: 1 });
            say("talk ended");
          }),
          members: endpoint(async () => {}),
          count: endpoint(async (stream) => { let text = ""; for await (const message of stream) text += message.text; return { text, at: new Date(0) }; }),
          countBadly: endpoint(async () => { throw new TestError("aborted", "lost count"); }),
          refuse: endpoint(async (stream) => { await stream.send({ text: "one", at: new Date(0) }); throw new TestError("not_found", "no more"); }),
          crash: endpoint(async () => { throw new TypeError("secret"); }),
          flood: endpoint(async (stream) => {
            let sent = 0;
            try { for (;;) { await stream.send({ text: String(sent), at: new Date(0) }); sent++; } } finally { say(`flood sent ${sent}`); }
          }),
          who: endpoint(async (stream) => { await stream.send({ text: runtime.authData().userID, at: new Date(0) }); }),
          silent: endpoint(async (stream) => { say("silent opened"); for await (const _ of stream); say("silent ended"); }),
        });
        """;

    [Theory]
    [InlineData(EngineKind.V8)]
    [InlineData(EngineKind.Jint)]
    public async Task BothWays_MessagesAreCheckedAndCopied(EngineKind engine)
    {
        await using var host = await StartAsync(engine);

        Assert.Equal(
            ["lobby: hi", "1970-01-01T00:00:01.000Z", "false", "{}", "Error: the stream has ended: there are no more messages", "Error: the stream is closed"],
            await LinesAsync(host, "/both"));
        await host.UntilSaidAsync("talk ended");
    }

    [Fact]
    public async Task WrongMessage_IsRefusedWhereItIsSent()
    {
        await using var host = await StartAsync();

        var lines = await LinesAsync(host, "/wrong");

        Assert.StartsWith("invalid_argument: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("text: invalid type", lines[0], StringComparison.Ordinal);
        Assert.Contains("room: invalid type", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("unauthenticated: ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamIn_AnswersOnceItIsClosed()
    {
        await using var host = await StartAsync();

        Assert.Equal(["ab"], await LinesAsync(host, "/count"));
    }

    [Fact]
    public async Task Errors_ComeAfterWhatWasSent()
    {
        await using var host = await StartAsync();

        Assert.Equal(
            ["one", "not_found: no more", "internal: an internal error occurred", "aborted: lost count"], await LinesAsync(host, "/errors"));
        await host.UntilLoggedAsync(line => line.TryGetProperty("error", out var error) && error.GetString() == "TypeError: secret");
    }

    [Fact]
    public async Task CallerThatLeavesItsLoop_EndsTheStream()
    {
        await using var host = await StartAsync();

        Assert.Equal(["0", "1"], await LinesAsync(host, "/leave"));
        await host.UntilSaidAsync("flood sent");
    }

    [Fact]
    public async Task SlowCaller_HoldsTheHandlerBack()
    {
        await using var host = await StartAsync();

        Assert.Equal(["0"], await LinesAsync(host, "/slow"));
        Assert.DoesNotContain(host.Logged(), line => line.GetProperty("message").GetString()!.StartsWith("flood sent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AuthData_GoesAlong()
    {
        await using var host = await StartAsync();

        Assert.Equal(["ada"], await LinesAsync(host, "/user"));
    }

    [Fact]
    public async Task ClientThatLeaves_EndsTheStream()
    {
        await using var host = await StartAsync();
        var connection = await host.ConnectAsync();
        await connection.SendAsync("GET /hang HTTP/1.1\r\nHost: test\r\n\r\n");
        await host.UntilSaidAsync("silent opened");

        await connection.DisposeAsync();

        await host.UntilSaidAsync("silent ended");
    }

    [Fact]
    public async Task StreamOfAnotherHost_CantBeOpened()
    {
        var infrastructure = new InfrastructureConfig
        {
            HostedServices = ["caller"],
            ServiceDiscovery = new Dictionary<string, ServiceLocation> { ["rooms"] = new("http://127.0.0.1:1", [new AuthKey(1, "secret")]) },
        };
        await using var host = await TestHost.StartAsync(TestHost.Options with { Infrastructure = infrastructure }, Application());

        var answer = await host.GetAsync("/count");

        answer.AssertError(501, "unimplemented", "rooms.count is a stream that another host serves, and those can't be called");
    }

    private static Task<TestHost> StartAsync(EngineKind engine = EngineKind.V8) => TestHost.StartAsync(TestHost.Options with { Engine = engine }, Application());

    private static async Task<string[]> LinesAsync(TestHost host, string path)
    {
        var answer = await host.GetAsync(path);
        Assert.True(answer.Status == 200, answer.Body);
        return [.. answer.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetString() ?? "")];
    }

    private static LoadedApplication Application()
    {
        var schema = new TestSchema();
        var lines = schema.Object(Required("lines", schema.TextList));
        var said = schema.Object(Required("text", schema.Text), Required("at", schema.Date));
        var room = schema.Object(Required("room", schema.Text));
        string[] callers = ["both", "wrong", "count", "errors", "leave", "slow", "user", "hang"];
        foreach (var caller in callers)
        {
            schema.Endpoint(caller, "GET", "/" + caller, response: lines);
        }

        var application = schema
            .Stream("talk", EndpointKind.StreamInOut, "/rooms/talk", said, said, request: room)
            .Stream("members", EndpointKind.StreamInOut, "/rooms/members", said, said)
            .Stream("count", EndpointKind.StreamIn, "/rooms/count", said, response: said)
            .Stream("countBadly", EndpointKind.StreamIn, "/rooms/count-badly", said, response: said)
            .Stream("refuse", EndpointKind.StreamOut, "/rooms/refuse", outgoing: said)
            .Stream("crash", EndpointKind.StreamOut, "/rooms/crash", outgoing: said)
            .Stream("flood", EndpointKind.StreamOut, "/rooms/flood", outgoing: said)
            .Stream("who", EndpointKind.StreamOut, "/rooms/who", outgoing: said)
            .Stream("silent", EndpointKind.StreamInOut, "/rooms/silent", said, said)
            .Build();
        application.Files.Clear();
        application.Files.AddRange(["caller.ts", "rooms.ts"]);
        application.Services.Clear();
        application.Services.AddRange([new ServiceSchema { Name = "caller" }, new ServiceSchema { Name = "rooms" }]);
        foreach (var endpoint in application.Endpoints.Skip(callers.Length))
        {
            (endpoint.Service, endpoint.Module, endpoint.Auth) = (1, 1, endpoint.Name == "members");
        }

        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }
}

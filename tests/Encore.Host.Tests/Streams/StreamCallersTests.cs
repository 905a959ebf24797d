using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Streams;

/// <summary>Auth handlers and middleware around streams.</summary>
public sealed class StreamCallersTests
{
    private const string Bundle =
        """
        const endpoint = (handler, kind) => ({ [Symbol.for("encore-host.endpoint")]: { handler, kind } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        runtime.showRequests();
        class TestError extends Error {
          constructor(code, message) { super(message); this.code = code; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        const around = (target, run) => Object.assign(run, { options: { target } });
        const seen = [];
        const service = { cfg: { middlewares: [
          around({ isStream: true }, async (request, next) => {
            request.data.note = request.requestMeta.api.endpoint;
            if (request.requestMeta.headers["x-blocked"]) throw new TestError("permission_denied", "not you");
            seen.push(request.stream === undefined ? "no stream" : "stream");
            return next(request);
          }),
          around({ isStream: false }, async (request, next) => { seen.push("plain"); return next(request); }),
          around({ tags: ["greets"] }, async (request, next) => { await request.stream.send({ text: "hello from middleware" }); return next(request); }),
        ] } };
        runtime.bind("app.ts", {
          members: endpoint(async (stream) => { await stream.send({ text: `${runtime.authData().userID} ${runtime.currentRequest().middlewareData.note}` }); }),
          greeted: endpoint(async (stream) => { await stream.send({ text: "hello from the handler" }); }),
          seen: endpoint(() => ({ text: seen.join() })),
          auth: endpoint(({ token }) => {
            if (token === "none") throw new TestError("unauthenticated", "say who you are");
            return token === "nobody" ? null : { userID: token };
          }),
          service,
        });
        """;

    [Theory]
    [InlineData("", 401, "unauthenticated")]
    [InlineData("X-Token: nobody\r\n", 401, "unauthenticated")]
    [InlineData("X-Token: none\r\n", 401, "unauthenticated")]
    [InlineData("X-Token: ada\r\nX-Blocked: 1\r\n", 403, "permission_denied")]
    public async Task WhoeverIsRefused_IsAnsweredBeforeItOpens(string headers, int status, string code)
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync($"GET /members HTTP/1.1\r\nHost: test\r\n{headers}{WebSocketClient.Handshake}\r\n");

        var answer = await connection.ReceiveAsync();
        Assert.Equal((status, code), (answer.Status, answer.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task UserAndMiddlewaresData_ReachTheHandler()
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using var socket = await host.OpenAsync("/members", "X-Token: ada\r\n");

        Assert.Equal("""{"text":"ada members"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Middleware_UsesTheStreamBeforeTheHandler()
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using var socket = await host.OpenAsync("/greeted");

        Assert.Equal("""{"text":"hello from middleware"}""", await socket.ReceiveAsync());
        Assert.Equal("""{"text":"hello from the handler"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task TargetIsStream_TellsStreamsFromOthers()
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using (var socket = await host.OpenAsync("/greeted"))
        {
            await socket.ReceiveAsync();
        }

        Assert.Equal("""{"text":"stream,plain"}""", (await host.GetAsync("/seen")).Body);
    }

    private static LoadedApplication Application()
    {
        var schema = new TestSchema();
        var text = schema.Object(Required("text", schema.Text));
        var application = schema
            .Stream("members", EndpointKind.StreamInOut, "/members", text, text)
            .Stream("greeted", EndpointKind.StreamOut, "/greeted", outgoing: text)
            .Endpoint("seen", "GET", "/seen", response: text)
            .Build();
        application.Endpoints[0].Auth = true;
        application.Endpoints[1].Tags.Add("greets");
        application.Services[0].Module = 0;
        application.Services[0].ExportName = "service";
        application.AuthHandlers.Add(new AuthHandlerSchema
        {
            Name = "auth",
            ExportName = "auth",
            Params = schema.Object(Header("token", schema.Text, "x-token")),
            AuthData = schema.Object(Required("userID", schema.Text)),
        });
        application.Gateways.Add(new GatewaySchema { Name = "api-gateway", AuthHandler = 0 });
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }
}

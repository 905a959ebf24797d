using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.Http;

/// <summary>Endpoints whose handlers read requests and write responses themselves.</summary>
public sealed class RawEndpointTests
{
    private const int SmallLimit = 16;

    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        const say = (text) => runtime.log(2, text, undefined);
        runtime.bind("app.ts", {
          echo: endpoint(async (request, response) => {
            const chunks = [];
            for await (const chunk of request) chunks.push(chunk);
            response.writeHead(201, "Made", { "Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"], "X-Buffer": String(Buffer.isBuffer(chunks[0])) });
            for (const chunk of chunks) response.write(chunk);
            response.end();
          }),
          show: endpoint((request, response) => {
            response.setHeader("Content-Type", "application/json");
            const { method, url, headers, httpVersion, rawHeaders } = request;
            response.end(JSON.stringify({ method, url, headers, httpVersion, raw: rawHeaders.length, address: request.socket.remoteAddress, meta: runtime.currentRequest().pathParams }));
          }),
          crash: endpoint(async () => { throw new TypeError("secret"); }),
          half: endpoint(async (request, response) => {
            response.write("half");
            await new Promise((resolve) => setTimeout(resolve, 20));
            throw new TypeError("too late");
          }),
          silent: endpoint((request, response) => {
            say("silent begins");
            request.on("close", () => say("request closed"));
            response.on("close", () => say("response closed"));
          }),
          gone: endpoint((request, response) => { response.destroy(); }),
          none: endpoint((request, response) => { response.statusCode = 204; response.end("not sent"); }),
          slow: endpoint((request, response) => {
            response.flushHeaders();
            setTimeout(() => response.end("done"), 400);
          }),
          late: endpoint((request, response) => {
            response.end("sent");
            try { response.setHeader("X-Late", "1"); } catch (error) { say(error.code); }
          }),
          split: endpoint((request, response) => {
            try { response.setHeader("X-Bad", "a\r\nX-Injected: 1"); } catch (error) { response.end(error.code); }
          }),
          flood: endpoint((request, response) => {
            let written = 0;
            const chunk = new Uint8Array(64 * 1024);
            const more = () => {
              while (written < 2000) { written++; if (!response.write(chunk)) { if (written === 1990) break; response.once("drain", more); return; } }
              response.end();
            };
            setTimeout(() => say(`wrote ${written < 1000 ? "some" : "all"}`), 300);
            more();
          }),
        });
        """;

    public static TheoryData<EngineKind> Engines => [EngineKind.V8, EngineKind.Jint];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Body_OfAnyKind_ComesBackAsItWas(EngineKind engine)
    {
        await using var host = await StartAsync(engine: engine);

        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nbytes");
        var text = await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 201 Made\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("5\r\nbytes\r\n0\r\n\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain\r\n", text, StringComparison.Ordinal);
        Assert.Contains("X-Buffer: true\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", text, StringComparison.Ordinal);
        Assert.Contains("x-encore-trace-id: ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("br")]
    public async Task Compression_IsUpToTheHandler_BothWays(string encoding)
    {
        await using var host = await StartAsync();
        var body = new string('x', 5000);

        await using var connection = await host.ConnectAsync();
        await connection.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nAccept-Encoding: {encoding}\r\nContent-Encoding: {encoding}\r\nContent-Length: 5000\r\n\r\n{body}");
        var text = await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 201 Made\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Encoding", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(5000, text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Count(letter => letter == 'x'));
    }

    [Fact]
    public async Task Request_IsShownAsNodeShowsIt()
    {
        await using var host = await StartAsync();

        var shown = (await host.GetAsync("/show/a%20b?q=1", "X-Foo: 1\r\nx-foo: 2\r\nCookie: a=1\r\nCookie: b=2\r\n")).Json;

        Assert.Equal("GET", shown.GetProperty("method").GetString());
        Assert.Equal("/show/a%20b?q=1", shown.GetProperty("url").GetString());
        Assert.Equal("1, 2", shown.GetProperty("headers").GetProperty("x-foo").GetString());
        Assert.Equal("a=1; b=2", shown.GetProperty("headers").GetProperty("cookie").GetString());
        Assert.Equal("1.1", shown.GetProperty("httpVersion").GetString());
        Assert.Equal("127.0.0.1", shown.GetProperty("address").GetString());
        Assert.Equal("a b", shown.GetProperty("meta").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Response_InOnePiece_HasItsLengthAndLeavesTheConnectionOpen()
    {
        await using var host = await StartAsync();
        await using var connection = await host.ConnectAsync();

        for (var turn = 0; turn < 3; turn++)
        {
            await connection.SendAsync("GET /show/x HTTP/1.1\r\nHost: test\r\n\r\n");
            var response = await connection.ReceiveAsync();
            Assert.NotNull(response["Content-Length"]);
            Assert.Null(response["Transfer-Encoding"]);
        }

        await host.UntilLoggedAsync(line => line.TryGetProperty("code", out var code) && code.GetString() == "ok");
    }

    [Fact]
    public async Task Handler_ThrowsBeforeAnythingIsSent_IsAnsweredAsEverywhere()
    {
        await using var host = await StartAsync();

        var response = await host.GetAsync("/crash");

        response.AssertError(500, "internal", "an internal error occurred");
        Assert.Contains(host.LoggedOf(response), line => line.TryGetProperty("error", out var error) && error.GetString() == "TypeError: secret");
    }

    [Fact]
    public async Task Handler_ThrowsAfterwards_BreaksTheAnswerOff()
    {
        await using var host = await StartAsync();
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync("GET /half HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReceiveUntilAsync("half\r\n");

        await connection.AssertClosedAsync();
        await host.UntilLoggedAsync(line => line.TryGetProperty("error", out var error) && error.GetString() == "TypeError: too late");
    }

    [Fact]
    public async Task Client_Leaves_RequestAndResponseClose()
    {
        await using var host = await StartAsync();
        await using (var connection = await host.ConnectAsync())
        {
            await connection.SendAsync("GET /silent HTTP/1.1\r\nHost: test\r\n\r\n");
            await host.UntilSaidAsync("silent begins");
            connection.Abort();
        }

        await host.UntilSaidAsync("request closed");
        await host.UntilSaidAsync("response closed");
        await host.UntilLoggedAsync(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled");
    }

    [Fact]
    public async Task Handler_NeverAnswers_Is504()
    {
        await using var host = await StartAsync(TestHost.Options with { HandlerDeadline = TimeSpan.FromMilliseconds(200) });

        (await host.GetAsync("/silent")).AssertError(504, "deadline_exceeded", "the request took too long");
    }

    [Fact]
    public async Task Handler_HasBegunToAnswer_MayTakeItsTime()
    {
        await using var host = await StartAsync(TestHost.Options with { HandlerDeadline = TimeSpan.FromMilliseconds(200) });
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");

        await connection.ReceiveUntilAsync("4\r\ndone\r\n0\r\n\r\n");
    }

    [Fact]
    public async Task Handler_DestroysTheResponse_ConnectionCloses()
    {
        await using var host = await StartAsync();
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync("GET /gone HTTP/1.1\r\nHost: test\r\n\r\n");

        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Status_HasNoBody_NoneIsSent()
    {
        await using var host = await StartAsync();

        var response = await host.GetAsync("/none");

        Assert.Equal(204, response.Status);
        Assert.Null(response["Content-Length"]);
        Assert.Empty(response.Body);
    }

    [Theory]
    [InlineData("Content-Length: 17\r\n\r\n12345678901234567")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n11\r\n12345678901234567\r\n0\r\n\r\n")]
    public async Task Body_OverTheLimit_Is413(string rest)
    {
        await using var host = await StartAsync(change: schema =>
            schema.Endpoints.Single(endpoint => endpoint.Name == "echo").BodyLimit = new BodyLimit { Bytes = SmallLimit });

        var response = await host.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\n{rest}");

        Assert.Equal(413, response.Status);
        Assert.Equal("invalid_argument", response.Json.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Header_AfterTheHeadIsSent_ThrowsAsInNode()
    {
        await using var host = await StartAsync();

        Assert.Equal("sent", (await host.GetAsync("/late")).Body);

        await host.UntilSaidAsync("ERR_HTTP_HEADERS_SENT");
    }

    [Fact]
    public async Task Header_WithALineBreak_IsRefused()
    {
        await using var host = await StartAsync();

        var response = await host.GetAsync("/split");

        Assert.Equal("ERR_INVALID_CHAR", response.Body);
        Assert.Null(response["X-Injected"]);
    }

    [Fact]
    public async Task Client_DoesNotRead_WriteWaits()
    {
        await using var host = await StartAsync();
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n");

        await host.UntilSaidAsync("wrote some");
    }

    private static Task<TestHost> StartAsync(
        HttpHostOptions? options = null, EngineKind engine = EngineKind.V8, Action<Application>? change = null)
    {
        var schema = CreateSchema();
        change?.Invoke(schema);
        var application = new LoadedApplication(schema, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
        return TestHost.StartAsync((options ?? TestHost.Options) with { Engine = engine }, application);
    }

    private static Application CreateSchema()
    {
        var schema = new TestSchema().Endpoint("echo", "POST", "/echo").Endpoint("show", "GET", "/show/:name");
        foreach (var name in (string[])["crash", "half", "silent", "gone", "none", "slow", "late", "split", "flood"])
        {
            schema.Endpoint(name, "GET", $"/{name}");
        }

        var application = schema.Build();
        foreach (var endpoint in application.Endpoints)
        {
            endpoint.Kind = EndpointKind.Raw;
        }

        return application;
    }
}

using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Streams;

/// <summary>What is answered before a stream opens.</summary>
public sealed class StreamHandshakeTests : IAsyncLifetime
{
    private TestHost? _host;

    private TestHost Host => _host!; // Justification: set before any test runs.

    public async Task InitializeAsync() => _host = await StreamHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task Upgrade_Accepted_HasTheKeyOfTheSpecification()
    {
        await using var socket = await Host.OpenAsync("/echo");

        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", socket.Opening["Sec-WebSocket-Accept"]);
        Assert.Equal("websocket", socket.Opening["Upgrade"]);
        Assert.Null(socket.Opening["Sec-WebSocket-Protocol"]);
        Assert.Matches("^[0-9a-v]{26}$", socket.Opening.Trace);
    }

    [Theory]
    [InlineData("/echo", "this endpoint is a stream: open it as a WebSocket")]
    [InlineData("/count/3", "this endpoint is a stream: open it as a WebSocket, or with Accept: text/event-stream")]
    public async Task Plain_Get_Is426(string target, string message)
    {
        var response = await Host.GetAsync(target);

        response.AssertRefusal(426, "failed_precondition", message);
        Assert.Equal("websocket", response["Upgrade"]);
    }

    [Theory]
    [InlineData("Origin: https://other.example\r\nCookie: session=1\r\n", 403)]
    [InlineData("Origin: null\r\nCookie: session=1\r\n", 403)]
    [InlineData("Origin: https://other.example\r\nAuthorization: Bearer 1\r\n", 403)]
    [InlineData("Origin: https://other.example\r\n", 101)]
    [InlineData("Origin: http://test\r\nCookie: session=1\r\n", 101)]
    [InlineData("Origin: http://localhost:5173\r\nCookie: session=1\r\n", 101)]
    [InlineData("Cookie: session=1\r\n", 101)]
    public async Task Origin_OfAPage_DecidesWhetherItMayOpen(string headers, int status)
    {
        await using var connection = await Host.ConnectAsync();
        await connection.SendAsync($"GET /echo HTTP/1.1\r\nHost: test\r\n{headers}{WebSocketClient.Handshake}\r\n");
        var response = await connection.ReceiveAsync();

        Assert.Equal(status, response.Status);
        if (status == 403)
        {
            response.AssertRefusal(403, "permission_denied", "pages of this origin may not open streams with credentials");
        }
    }

    [Fact]
    public async Task Plain_Post_HasNoRoute()
    {
        var response = await Host.PostAsync("/echo", "{}");

        response.AssertRefusal(404, "not_found", "no route for method");
    }

    [Fact]
    public async Task Version_Other_Is426WithOurs()
    {
        var response = await Host.GetAsync("/echo", WebSocketClient.Handshake.Replace("Version: 13", "Version: 8", StringComparison.Ordinal));

        response.AssertRefusal(426, "invalid_argument", "this endpoint speaks version 13 of the WebSocket protocol");
        Assert.Equal("13", response["Sec-WebSocket-Version"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("!!!!")]
    public async Task Key_Invalid_Is400(string key)
    {
        var response = await Host.GetAsync("/echo", WebSocketClient.Handshake.Replace("dGhlIHNhbXBsZSBub25jZQ==", key, StringComparison.Ordinal));

        response.AssertRefusal(400, "invalid_argument", "the request has no valid Sec-WebSocket-Key");
    }

    [Theory]
    [InlineData("****")]
    [InlineData("W10")]
    [InlineData("eyJhIjoxfQ")]
    public async Task Tunnel_NoHeaders_Is400(string tunnel)
    {
        var response = await Host.GetAsync("/echo", $"{WebSocketClient.Handshake}Sec-WebSocket-Protocol: encore-ws, encore.dev.headers.{tunnel}\r\n");

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Parameters_Invalid_Is400WithViolations()
    {
        var response = await Host.GetAsync("/count/many", WebSocketClient.Handshake);

        response.AssertRefusal(400, "invalid_argument", "path parameter is not a valid number");
        Assert.Equal("path", response.Json.GetProperty("details").GetProperty("violations")[0].GetProperty("in").GetString());
    }

    [Fact]
    public async Task Endpoint_NeedsAuth_Is401()
    {
        await using var host = await StreamHost.StartAsync(change: schema => schema.Endpoints[0].Auth = true);

        var response = await host.GetAsync("/echo", WebSocketClient.Handshake);

        response.AssertRefusal(401, "unauthenticated", "the request does not have valid authentication credentials for the operation");
    }

    [Fact]
    public async Task Endpoint_Private_Is404()
    {
        await using var host = await StreamHost.StartAsync(change: schema => schema.Endpoints[0].Expose = false);

        var response = await host.GetAsync("/echo", WebSocketClient.Handshake);

        response.AssertRefusal(404, "not_found", "endpoint not found");
    }
}

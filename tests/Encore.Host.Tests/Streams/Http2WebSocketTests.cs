using System.Net;
using System.Net.WebSockets;
using System.Text;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Streams;

/// <summary>WebSockets over HTTP/2 (RFC 8441), by a client that others wrote.</summary>
public sealed class Http2WebSocketTests
{
    [Fact]
    public async Task Messages_GoBothWays_AndTheCloseIsAnswered()
    {
        await using var host = await StreamHost.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await OpenAsync(host, http, "/echo");

        foreach (var text in (string[])["a", new string('b', 100_000)])
        {
            await SendAsync(socket, $$"""{"text":"{{text}}"}""");
            Assert.Equal($$"""{"text":"{{text}}"}""", await ReceiveAsync(socket));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task ManySockets_ShareAConnection()
    {
        await using var host = await StreamHost.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async index =>
        {
            using var socket = await OpenAsync(host, http, "/echo");
            await SendAsync(socket, $$"""{"text":"{{index}}"}""");
            Assert.Equal($$"""{"text":"{{index}}"}""", await ReceiveAsync(socket));
        }));
    }

    [Fact]
    public async Task Handler_ThatFails_ClosesWith1011()
    {
        await using var host = await StreamHost.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await OpenAsync(host, http, "/fail");

        await SendAsync(socket, """{"text":"x"}""");
        await ReceiveAsync(socket);

        Assert.Equal((WebSocketCloseStatus.InternalServerError, "not with me"), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task UnknownStream_IsAnsweredBeforeItOpens()
    {
        await using var host = await StreamHost.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());

        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(host, http, "/nowhere"));
    }

    private static async Task<ClientWebSocket> OpenAsync(TestHost host, HttpMessageInvoker http, string target)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://{host.Address}{target}"), http, CancellationToken.None);
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += part.Count;
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }
}

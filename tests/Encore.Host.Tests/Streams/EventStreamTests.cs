using Encore.Host.Configuration;
using Encore.Host.Streams;

namespace Encore.Host.Tests.Streams;

/// <summary>Streams as Server-Sent Events.</summary>
public sealed class EventStreamTests
{
    private const string Accept = "Accept: text/html;q=0.1, text/event-stream\r\n";

    public static TheoryData<EngineKind> Engines => [EngineKind.V8, EngineKind.Jint];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Out_AskedForEvents_EachMessageIsOneWithAnId(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync($"GET /count/2 HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");
        var text = await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/event-stream\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store\r\n", text, StringComparison.Ordinal);
        Assert.Contains("id: 1\ndata: {\"value\":1}\n\n", text, StringComparison.Ordinal);
        Assert.Contains("id: 2\ndata: {\"value\":2}\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_EndsAtOnce_StreamIsServedAllTheSame()
    {
        await using var host = await StreamHost.StartAsync();

        // A connection's first request may run on another thread than the one by which the stream's opening is said.
        for (var i = 0; i < 200; i++)
        {
            await using var connection = await host.ConnectAsync();
            await connection.SendAsync($"GET /count/0 HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");

            Assert.Contains("Content-Type: text/event-stream\r\n", await connection.ReceiveUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Handler_Throws_IsAnErrorEvent()
    {
        await using var host = await StreamHost.StartAsync();
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync($"GET /failing HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");
        var text = await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");

        Assert.Contains("id: 1\ndata: {\"value\":1}\n\n", text, StringComparison.Ordinal);
        Assert.Contains("event: error\ndata: {\"code\":\"not_found\",\"message\":\"no more\",\"details\":null}\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_SaysNothing_HeartbeatsCome()
    {
        await using var host = await StreamHost.StartAsync(new StreamOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync($"GET /flood HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");
        await connection.ReceiveUntilAsync("\n\r\n3\r\n:\n\n");
    }

    [Fact]
    public async Task Client_DoesNotRead_SendWaitsAndLeavingEndsIt()
    {
        await using var host = await StreamHost.StartAsync();
        await using (var connection = await host.ConnectAsync())
        {
            await connection.SendAsync($"GET /flood HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");
            await host.UntilSaidAsync("flood waits after");
            connection.Abort();
        }

        await host.UntilLoggedAsync(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled");
    }

    [Fact]
    public async Task InOut_AskedForEvents_Is426()
    {
        await using var host = await StreamHost.StartAsync();

        var response = await host.GetAsync("/echo", Accept);

        response.AssertRefusal(426, "failed_precondition", "this endpoint is a stream: open it as a WebSocket");
    }

    [Fact]
    public async Task Parameters_Invalid_Is400()
    {
        await using var host = await StreamHost.StartAsync();

        var response = await host.GetAsync("/count/x", Accept);

        response.AssertRefusal(400, "invalid_argument", "path parameter is not a valid number");
    }

    [Fact]
    public async Task Shutdown_OpenStream_Ends()
    {
        await using var host = await StreamHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync($"GET /flood HTTP/1.1\r\nHost: test\r\n{Accept}\r\n");
        await connection.ReceiveUntilAsync("data: ");

        var stopping = host.StopAsync();

        await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");
        await stopping;
    }
}

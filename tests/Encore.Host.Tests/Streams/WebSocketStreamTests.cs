using Encore.Host.Configuration;
using Encore.Host.Streams;

namespace Encore.Host.Tests.Streams;

/// <summary>Streams over WebSockets, on both engines.</summary>
public sealed class WebSocketStreamTests
{
    public static TheoryData<EngineKind> Engines => [EngineKind.V8, EngineKind.Jint];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task InOut_Messages_AreEchoedWithDeclaredFieldsAlone(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/echo");

        await socket.SendAsync("""{"text":"a","extra":true}""");
        await socket.SendAsync(""" { "text" : "é😀" } """);

        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
        Assert.Equal("""{"text":"é😀"}""", await socket.ReceiveAsync());
        await socket.SendAsync(WebSocketClient.CloseFrame(1000));
        Assert.Equal((1000, ""), await socket.ReceiveCloseFrameAsync());
        await socket.Connection.AssertClosedAsync();
        await host.UntilSaidAsync("echo ended");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task InOut_ManyMessages_KeepTheirOrder(EngineKind engine)
    {
        const int Count = 2000;
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/echo");

        var sending = socket.SendAsync([.. Enumerable.Range(0, Count).SelectMany(i => WebSocketClient.TextFrame($$"""{"text":"{{i}}"}"""))]);
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($$"""{"text":"{{i}}"}""", await socket.ReceiveAsync());
        }

        await sending;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task In_HandlerReturns_AnswerIsTheLastMessage(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/sum");

        foreach (var value in new[] { 1, 2, 39, 0 })
        {
            await socket.SendAsync($$"""{"value":{{value}}}""");
        }

        Assert.Equal("""{"sum":42}""", await socket.ReceiveAsync());
        Assert.Equal((1000, ""), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Out_HandlerReturns_ClosesNormally(EngineKind engine)
    {
        const int Count = 300;
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync($"/count/{Count}");

        for (var i = 1; i <= Count; i++)
        {
            Assert.Equal($$"""{"value":{{i}}}""", await socket.ReceiveAsync());
        }

        Assert.Equal((1000, ""), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Handshake_PathQueryAndTunnelledHeader_ReachTheHandler(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        var tunnel = Convert.ToBase64String("""{"X-Token":"secret","Host":"evil"}"""u8).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        await using var socket = await host.OpenAsync("/rooms/a%20b?color=red", $"Sec-WebSocket-Protocol: encore-ws, encore.dev.headers.{tunnel}\r\n");

        Assert.Equal("encore-ws", socket.Opening["Sec-WebSocket-Protocol"]);
        Assert.Equal("""{"text":"a b red secret"}""", await socket.ReceiveAsync());
        Assert.Equal((1000, ""), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task InOut_Dates_AreDatesInTheScript(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/date");

        await socket.SendAsync("""{"at":"2026-01-02T03:04:05Z"}""");

        Assert.Equal("""{"at":"2026-01-02T03:04:06.000Z"}""", await socket.ReceiveAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Client_LeavesWithoutAWord_EndsTheIterationAndSends(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using (var socket = await host.OpenAsync("/silent"))
        {
            await socket.SendAsync("""{"text":"one"}""");
            await host.UntilSaidAsync("silent got one");
            socket.Connection.Abort();
        }

        await host.UntilSaidAsync("silent ended");
        await host.UntilSaidAsync("the stream is closed: the client has left");
        await host.UntilLoggedAsync(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled");
    }

    [Fact]
    public async Task Client_ClosesAfterMessages_HandlerGetsThemFirst()
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/silent");

        await socket.SendAsync([.. WebSocketClient.TextFrame("""{"text":"1"}"""), .. WebSocketClient.TextFrame("""{"text":"2"}"""), .. WebSocketClient.CloseFrame(1001, "bye")]);

        Assert.Equal((1001, ""), await socket.ReceiveCloseFrameAsync());
        await host.UntilSaidAsync("silent got 1");
        await host.UntilSaidAsync("silent got 2");
        await host.UntilSaidAsync("silent ended");
    }

    [Fact]
    public async Task Message_NotOfItsType_Closes1007()
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/echo");

        await socket.SendAsync("""{"text":7}""");

        Assert.Equal((1007, "invalid message: /text: invalid type: integer `7`, expected a string"), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("""{"text":"a"} {"text":"b"}""")]
    public async Task Message_NotOneJsonValue_Closes1007(string message)
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/echo");

        await socket.SendAsync(message);

        var (code, reason) = await socket.ReceiveCloseAsync();
        Assert.Equal(1007, code);
        Assert.StartsWith("invalid message: ", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/fail", "not with me", "permission_denied")]
    [InlineData("/crash", "an internal error occurred", "internal")]
    public async Task Handler_Throws_Closes1011(string target, string reason, string code)
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync(target);

        await socket.SendAsync("""{"text":"a"}""");

        Assert.Equal((1011, reason), await socket.ReceiveCloseAsync());
        await host.UntilLoggedAsync(line => line.GetProperty("message").GetString() == "request completed" && line.GetProperty("code").GetString() == code);
    }

    [Fact]
    public async Task Handler_SendsWhatItsTypeForbids_Closes1011()
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/wrong");

        Assert.Equal((1011, "an internal error occurred"), await socket.ReceiveCloseAsync());
        await host.UntilSaidAsync("request failed");
    }

    [Fact]
    public async Task Handler_ReturnsRightAfterSends_NothingIsLost()
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/last");

        await socket.SendAsync("""{"text":""}""");

        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
        Assert.Equal("""{"text":"b"}""", await socket.ReceiveAsync());
        Assert.Equal((1000, ""), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Incoming_HandlerDoesNotTake_HostStopsReading(EngineKind engine)
    {
        const int Messages = 3000;
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/held");
        await host.UntilSaidAsync("held opened");
        var text = new string('x', 10_000);

        var sending = socket.SendAsync(
            [.. Enumerable.Range(0, Messages).SelectMany(_ => WebSocketClient.TextFrame($$"""{"text":"{{text}}"}""")), .. WebSocketClient.TextFrame("""{"text":"last"}""")]);
        var early = await Task.WhenAny(sending, Task.Delay(500));
        Assert.NotSame(sending, early);
        await host.GetAsync("/open");
        await sending;

        Assert.Equal($$"""{"text":"{{Messages + 1}}"}""", await socket.ReceiveAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Outgoing_ClientDoesNotRead_SendWaits(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/flood");

        await host.UntilSaidAsync("flood waits after");
        await host.GetAsync("/open");

        (int First, byte[] Payload) frame;
        var received = 0;
        while ((frame = await socket.ReceiveFrameAsync()).First == 0x81)
        {
            received++;
        }

        Assert.Equal(0x88, frame.First);
        Assert.InRange(received, 26, 999);
    }

    [Fact]
    public async Task Quiet_ClientAnswersPings_StaysOpen()
    {
        await using var host = await StreamHost.StartAsync(new StreamOptions { PingInterval = TimeSpan.FromMilliseconds(60), PingTimeout = TimeSpan.FromSeconds(5) });
        await using var socket = await host.OpenAsync("/echo");

        for (var i = 0; i < 3; i++)
        {
            var (first, payload) = await socket.ReceiveFrameAsync();
            Assert.Equal(0x89, first);
            await socket.SendAsync(WebSocketClient.Frame(0x8a, payload));
        }

        await socket.SendAsync("""{"text":"a"}""");
        (int First, byte[] Payload) frame;
        while ((frame = await socket.ReceiveFrameAsync()).First == 0x89)
        {
        }

        Assert.Equal("""{"text":"a"}""", System.Text.Encoding.UTF8.GetString(frame.Payload));
    }

    [Fact]
    public async Task Quiet_ClientIsSilent_IsCutOff()
    {
        await using var host = await StreamHost.StartAsync(
            new StreamOptions { PingInterval = TimeSpan.FromMilliseconds(60), PingTimeout = TimeSpan.FromMilliseconds(200) });
        await using var socket = await host.OpenAsync("/silent");

        Assert.Equal(0x89, (await socket.ReceiveFrameAsync()).First);
        await socket.Connection.AssertClosedAsync();
        await host.UntilSaidAsync("silent ended");
    }

    [Theory]
    [InlineData("/count/0")]
    [InlineData("/closed")]
    public async Task Close_ClientDoesNotAnswer_IsCutOff(string target)
    {
        // The second's handler runs on after it has closed the stream: nobody waits for that.
        await using var host = await StreamHost.StartAsync(new StreamOptions { CloseTimeout = TimeSpan.FromMilliseconds(200) });
        await using var socket = await host.OpenAsync(target);

        Assert.Equal((1000, ""), await socket.ReceiveCloseFrameAsync());
        await socket.Connection.AssertClosedAsync();
        await host.UntilNoStreamIsOpenAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Shutdown_OpenStreams_Get1001(EngineKind engine)
    {
        await using var host = await StreamHost.StartAsync(engine: engine);
        await using var socket = await host.OpenAsync("/silent");
        await host.UntilSaidAsync("silent opened");

        var stopping = host.StopAsync();

        Assert.Equal((1001, "the application is shutting down"), await socket.ReceiveCloseAsync());
        await stopping;
        await host.UntilSaidAsync("silent ended");
    }

    [Fact]
    public async Task Interrupt_IsolateGivesUpItsTurn_Closes1011()
    {
        await using var host = await StreamHost.StartAsync();
        await using var socket = await host.OpenAsync("/silent");
        await host.UntilSaidAsync("silent opened");

        await host.Isolate.DisposeAsync();

        Assert.Equal(1011, (await socket.ReceiveCloseAsync()).Code);
    }
}

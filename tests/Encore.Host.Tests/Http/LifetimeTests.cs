using System.Net.Sockets;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Encore.Host.Configuration;
using Encore.Host.Hosting;
using Encore.Host.Http;
using Encore.Host.Logging;

namespace Encore.Host.Tests.Http;

/// <summary>Starting, ending, and clients that don't wait.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task Healthz_Running_IsOk()
    {
        await using var host = await TestHost.StartAsync();

        var response = await host.GetAsync("/__encore/healthz?x=1");

        Assert.Equal((200, "ok"), (response.Status, response.Json.GetProperty("code").GetString()));
        Assert.Equal("test-app", response.Json.GetProperty("details").GetProperty("app_slug").GetString());
        Assert.True(response.Json.TryGetProperty("message", out _));
    }

    [Fact]
    public async Task Start_NothingWrong_WarnsOfNothing()
    {
        await using var host = await TestHost.StartAsync();

        Assert.DoesNotContain(host.Logged(), line => line.GetProperty("level").GetString() is "warn" or "error");
    }

    [Fact]
    public async Task Stop_StillAccepting_HealthzSaysSo()
    {
        await using var host = await TestHost.StartAsync(TestHost.Options with { AcceptAfterStop = TimeSpan.FromSeconds(1) });

        var stopping = host.StopAsync();
        var health = await host.GetAsync("/__encore/healthz");
        var other = await host.GetAsync("/hello");
        await stopping;

        Assert.Equal((503, "shutting_down"), (health.Status, health.Json.GetProperty("code").GetString()));
        Assert.Equal(200, other.Status);
        await Assert.ThrowsAsync<SocketException>(host.ConnectAsync);
    }

    [Fact]
    public async Task Stop_RequestRunning_IsAnsweredFirst()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await using var releasing = await host.ConnectAsync();
        await releasing.SendAsync("POST /release-with HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await releasing.ReceiveAsync()).Status);
        await connection.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
        await UntilAsync(() => host.Isolate.HandlerCalls == 1);

        var stopping = host.StopAsync();
        await releasing.SendAsync("""{"text":""}""");
        var response = await connection.ReceiveAsync();
        await stopping;

        Assert.Equal((200, """{"message":"released"}"""), (response.Status, response.Body));
    }

    [Fact]
    public async Task Stop_RequestNeverEnds_IsCutOffAtTheLimit()
    {
        await using var host = await TestHost.StartAsync(TestHost.Options with { ShutdownLimit = TimeSpan.FromMilliseconds(300) });
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
        await UntilAsync(() => host.Isolate.HandlerCalls == 1);

        await host.StopAsync();

        await connection.AssertClosedAsync();
        await UntilAsync(() => host.Logged().Any(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled"));
    }

    [Fact]
    public async Task Dispose_HandlerInEndlessLoop_EndsAnyway()
    {
        var host = await TestHost.StartAsync(TestHost.Options with { ShutdownLimit = TimeSpan.FromMilliseconds(300) });
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("GET /spin HTTP/1.1\r\nHost: test\r\n\r\n");
        await UntilAsync(() => host.Isolate.HandlerCalls == 1);

        await host.StopAsync();
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Abort_HandlerRunning_IsLoggedAsCanceled()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
        await UntilAsync(() => host.Isolate.HandlerCalls == 1);

        connection.Abort();

        await UntilAsync(() => host.Logged().Any(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled"));
        Assert.Equal(1, (await host.GetAsync("/release")).Json.GetProperty("count").GetInt32());
        Assert.Equal(200, (await host.GetAsync("/hello")).Status);
    }

    [Fact]
    public async Task Abort_BodyUnfinished_NeverReachesJavaScript()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync("{\"name\":");

        connection.Abort();

        await UntilAsync(() => host.Logged().Any(line => line.TryGetProperty("endpoint", out var endpoint) && endpoint.GetString() == "echo"));
        Assert.Equal(0, host.Isolate.HandlerCalls);
        Assert.Equal(200, (await host.GetAsync("/hello")).Status);
    }

    [Fact]
    public async Task Close_BodyUnfinished_IsTheClientsMistake()
    {
        await using var host = await TestHost.StartAsync();
        var connection = await host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync("{\"name\":");

        await connection.DisposeAsync();

        await UntilAsync(() => host.Logged().Any(line => line.TryGetProperty("endpoint", out var endpoint) && endpoint.GetString() == "echo"));
        Assert.DoesNotContain(host.Logged(), line => line.GetProperty("level").GetString() == "error");
        Assert.Equal(0, host.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task Production_HandlerThrows_KeepsTheTextToItself()
    {
        await using var host = await TestHost.StartAsync(TestHost.Options with { Environment = HostEnvironment.Production });

        var response = await host.GetAsync("/fail");

        Assert.Equal("""{"code":"internal","message":"an internal error occurred","details":null}""", response.Body);
        Assert.Contains(host.LoggedOf(response), line => line.TryGetProperty("error", out var error) && error.GetString() == "TypeError: secret cause");
    }

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        await using var host = await TestHost.StartAsync();
        using var log = new LogSink(TestHost.Options.Log, Stream.Null);

        var error = await Assert.ThrowsAsync<ListenException>(
            () => RunningHost.StartAsync(TestApplication.Create(), TestHost.Options with { Listen = host.Address }, log, CancellationToken.None));

        Assert.Equal($"{host.Address} is in use by another program.", error.Message);
    }

    [Fact]
    public async Task Start_ConflictsAndUnservedKinds_AreAllTold()
    {
        using var log = new LogSink(TestHost.Options.Log, Stream.Null);
        var application = TestApplication.Create(schema =>
        {
            schema.Endpoints.Add(new EndpointSchema(schema.Endpoints[0]) { Name = "again" });
            schema.Endpoints.Add(new EndpointSchema(schema.Endpoints[0]) { Name = "later", Kind = (EndpointKind)99 });
        });

        var error = await Assert.ThrowsAsync<StartException>(() => RunningHost.StartAsync(application, TestHost.Options, log, CancellationToken.None));

        Assert.Equal(
            [
                "test.again: GET /hello is served by test.hello already",
                "test.later: this version of encore-host doesn't serve endpoints of kind 99",
            ],
            error.Problems);
    }

    [Fact]
    public async Task Start_ModuleThrows_SaysWhat()
    {
        using var log = new LogSink(TestHost.Options.Log, Stream.Null);
        var application = TestApplication.Create(bundle: "throw new RangeError('no luck')");

        var error = await Assert.ThrowsAsync<ScriptException>(() => RunningHost.StartAsync(application, TestHost.Options, log, CancellationToken.None));

        Assert.Contains("RangeError: no luck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_EndsWithZeroAfterTheBanner()
    {
        using var stop = new CancellationTokenSource();
        using var log = new MemoryStream();
        await using var banner = new StringWriter();

        var running = HttpHost.RunAsync(TestApplication.Create(), TestHost.Options, banner, log, stop.Token);
        await UntilAsync(() => banner.ToString().Contains("curl", StringComparison.Ordinal));
        await stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.Contains("listening on http://127.0.0.1:", banner.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"GET,PUT +/items/:id +test\.item", banner.ToString());
        Assert.Matches(@"curl http://127\.0\.0\.1:\d+/hello", banner.ToString());
    }

    /// <summary>Waits for something that has no event of its own.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}

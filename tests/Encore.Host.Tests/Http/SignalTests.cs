namespace Encore.Host.Tests.Http;

/// <summary>How the program ends.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_Idle_EndsWithZero(string signal)
    {
        using var host = await HostProcess.StartAsync();

        host.Signal(signal);

        Assert.Equal(0, await host.EndAsync());
        Assert.Contains("shutting down", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_RequestRunning_IsAnsweredBeforeTheEnd()
    {
        using var host = await HostProcess.StartAsync();
        await using var releasing = await RawConnection.OpenAsync(host.Address);
        await releasing.SendAsync("POST /release-with HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await releasing.ReceiveAsync()).Status);
        await using var held = await host.HoldAsync();

        host.Signal("TERM");
        await releasing.SendAsync("""{"text":""}""");

        Assert.Equal("""{"length":0}""", (await releasing.ReceiveAsync()).Body);
        Assert.Equal("""{"message":"released"}""", (await held.ReceiveAsync()).Body);
        Assert.Equal(0, await host.EndAsync());
        Assert.Contains("\"request completed\"", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_Twice_EndsAtOnce()
    {
        using var host = await HostProcess.StartAsync();
        await using var held = await host.HoldAsync();
        host.Signal("INT");

        // npm passes a Ctrl-C on, so that one soon after the first is the first.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        host.Signal("INT");

        Assert.Equal(130, await host.EndAsync());
    }
}

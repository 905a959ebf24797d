using System.Globalization;
using Encore.Host.Configuration;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Streams between services that share the isolate, and the same between services in two hosts: their callers see no difference.</summary>
public sealed class LocalStreamTests
{
    [Theory]
    [InlineData(true, EngineKind.V8)]
    [InlineData(true, EngineKind.Jint)]
    [InlineData(false, EngineKind.V8)]
    [InlineData(false, EngineKind.Jint)]
    public async Task BothWays_MessagesAreCheckedAndCopied(bool inOne, EngineKind engine)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne, engine);

        Assert.Equal(
            ["lobby: hi", "1970-01-01T00:00:01.000Z", "false", "{}", "Error: the stream has ended: there are no more messages", "Error: the stream is closed"],
            await hosts.LinesAsync("/both"));
        await hosts.Rooms.UntilSaidAsync("talk ended");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true, EngineKind.V8)]
    [InlineData(false, EngineKind.V8)]
    [InlineData(false, EngineKind.Jint)]
    public async Task Values_InEveryPlace_AreWhatTheirTypesSay(bool inOne, EngineKind engine)
    {
        const string Shown = "1970-01-01T00:00:01.000Z bigint 12345678901234567890 Decimal 1.50 Uint8Array 1,2,255 a,b a,1 bigint";
        await using var hosts = await RoomsHosts.StartAsync(inOne, engine);

        Assert.Equal([Shown, Shown, Shown], await hosts.LinesAsync("/kinds"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WrongMessage_IsRefusedWhereItIsSent(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        var lines = await hosts.LinesAsync("/wrong");

        Assert.StartsWith("invalid_argument: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("text: invalid type", lines[0], StringComparison.Ordinal);
        Assert.Contains("room: invalid type", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("unauthenticated: ", lines[2], StringComparison.Ordinal);
        Assert.Equal("lobby: still there", lines[3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamIn_AnswersOnceItIsClosed(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["ab"], await hosts.LinesAsync("/count"));
        Assert.Equal(["undefined", "Error: the stream is closed"], await hosts.LinesAsync("/countNothing"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_ComeAfterWhatWasSent(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(
            ["one", "not_found: no more", "internal: an internal error occurred", "aborted: lost count"], await hosts.LinesAsync("/errors"));
        await hosts.Rooms.UntilLoggedAsync(line => line.TryGetProperty("error", out var error) && error.GetString() == "TypeError: secret");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ApiError_Survives(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["failed_precondition", "only 1 left", """{"left":1}""", "shelf"], await hosts.LinesAsync("/details"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Middleware_RefusesTheOpening_OrAnswersInTheHandlersPlace(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["permission_denied: closed for today"], await hosts.LinesAsync("/closed"));
        Assert.Equal(["Error: the stream has ended: there are no more messages"], await hosts.LinesAsync("/answered"));
        Assert.DoesNotContain(hosts.Rooms.Logged(), line => line.GetProperty("message").GetString()!.EndsWith(" ran", StringComparison.Ordinal));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallerThatLeavesItsLoop_EndsTheStream(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["0", "1"], await hosts.LinesAsync("/leave"));
        await hosts.Rooms.UntilSaidAsync("flood sent");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MessagesBeforeTheCallerLeaves_StillArrive(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Empty(await hosts.LinesAsync("/bye"));

        await hosts.Rooms.UntilSaidAsync("talk got bye 9");
        await hosts.Rooms.UntilSaidAsync("talk ended");
        Assert.Empty(await hosts.LinesAsync("/byeLoud"));
        await hosts.Rooms.UntilSaidAsync("mirror got last");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlowCaller_HoldsTheHandlerBack(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        await using var connection = await hosts.Callers.ConnectAsync();
        await connection.SendAsync("GET /backed HTTP/1.1\r\nHost: test\r\n\r\n");

        var line = await hosts.Rooms.UntilSaidAsync("backed up after ");

        Assert.InRange(int.Parse(line.GetProperty("message").GetString()!.Split(' ')[^1], CultureInfo.InvariantCulture), 64, 512);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlowHandler_HoldsTheCallerBack(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["true", "true"], await hosts.LinesAsync("/push"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AuthData_GoesAlong(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["ada"], await hosts.LinesAsync("/user"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ManyStreams_KeepTheirMessagesApart(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["200", "true"], await hosts.LinesAsync("/many"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeMessages_PassBothWays(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);

        Assert.Equal(["true", "true", "true", "true"], await hosts.LinesAsync("/large"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientThatLeaves_EndsTheStream(bool inOne)
    {
        await using var hosts = await RoomsHosts.StartAsync(inOne);
        var connection = await hosts.Callers.ConnectAsync();
        await connection.SendAsync("GET /hang HTTP/1.1\r\nHost: test\r\n\r\n");
        await hosts.Rooms.UntilSaidAsync("silent opened");

        await connection.DisposeAsync();

        await hosts.Rooms.UntilSaidAsync("silent ended");
        await hosts.Rooms.UntilSaidAsync("silent told: AbortError");
        await hosts.UntilNothingIsOpenAsync();
    }
}

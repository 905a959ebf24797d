using System.Net;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Streams;
using Encore.Host.Tests.Http;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Streams between services in two hosts, where those aren't like streams within an isolate.</summary>
public sealed class RemoteStreamTests
{
    [Fact]
    public async Task TraceAndCorrelation_GoAlong()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        var answer = await hosts.Callers.GetAsync("/trace", "X-Correlation-Id: order-7\r\n");

        Assert.Equal([answer.Trace!, "order-7", "GET", "/rooms/trace"], answer.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetString()!));
        await hosts.UntilNothingIsOpenAsync();
        var lines = hosts.Rooms.LoggedOf(answer);
        Assert.Equal(["starting request", "request completed"], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.All(lines, line => Assert.Equal(("rooms", "trace"), (line.GetProperty("service").GetString(), line.GetProperty("endpoint").GetString())));
    }

    [Fact]
    public async Task ErrorsOfTheCallee_AreInItsLog()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        var answer = await hosts.Callers.GetAsync("/errors");

        var failed = hosts.Rooms.LoggedOf(answer).Where(line => line.GetProperty("message").GetString() == "request failed").ToList();
        Assert.Equal(["TypeError: secret", "lost count", "no more"], failed.Select(line => line.GetProperty("error").GetString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(hosts.Callers.LoggedOf(answer), line => line.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task BothSendAtOnce_NeitherWaitsForTheOther()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        Assert.Equal(["1000"], await hosts.LinesAsync("/grants"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task WhatAHandlerSentLast_WaitsForItsCaller_UntilThatLeaves()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        Assert.Equal(["3000"], await hosts.LinesAsync("/burstAll"));
        Assert.Equal(["0"], await hosts.LinesAsync("/burst"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task CallersDeadline_EndsTheStreamInBothHosts()
    {
        await using var hosts = await RoomsHosts.StartAsync(deadline: TimeSpan.FromMilliseconds(600));

        var answer = await hosts.Callers.GetAsync("/hang");

        Assert.Equal((504, "deadline_exceeded"), (answer.Status, answer.Json.GetProperty("code").GetString()));
        await hosts.Rooms.UntilSaidAsync("silent told: ");
        await hosts.Rooms.UntilSaidAsync("silent ended");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task CallersDeadline_EndsAnOpening()
    {
        await using var hosts = await RoomsHosts.StartAsync(deadline: TimeSpan.FromMilliseconds(600));

        var answer = await hosts.Callers.GetAsync("/stuck");

        Assert.Equal((504, "deadline_exceeded"), (answer.Status, answer.Json.GetProperty("code").GetString()));
        await hosts.Rooms.UntilSaidAsync("opening told: ");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task ClientThatLeaves_EndsAnOpening()
    {
        await using var hosts = await RoomsHosts.StartAsync();
        var connection = await hosts.Callers.ConnectAsync();
        await connection.SendAsync("GET /stuck HTTP/1.1\r\nHost: test\r\n\r\n");
        await hosts.Rooms.UntilSaidAsync("opening waits");

        await connection.DisposeAsync();

        await hosts.Rooms.UntilSaidAsync("opening told: AbortError");
        await hosts.UntilNothingIsOpenAsync();
        Assert.DoesNotContain(hosts.Rooms.Logged(), line => line.GetProperty("message").GetString() == "stuck ran");
    }

    [Fact]
    public async Task ClientThatLeaves_EndsAnUpload()
    {
        await using var hosts = await RoomsHosts.StartAsync();
        var connection = await hosts.Callers.ConnectAsync();
        await connection.SendAsync("GET /hangUpload HTTP/1.1\r\nHost: test\r\n\r\n");
        await hosts.Rooms.UntilSaidAsync("patient opened");

        await connection.DisposeAsync();

        await hosts.Rooms.UntilSaidAsync("patient ended 0");
        await hosts.Rooms.UntilLoggedAsync(line => line.TryGetProperty("code", out var code) && code.GetString() == "canceled");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task Caller_MayAnswerAndGoOn()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        Assert.Empty(await hosts.LinesAsync("/unfinished"));

        await hosts.Callers.UntilSaidAsync("caller received on");
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task HostThatEnds_IsUnavailable_ToWhoeverReceivesAndWhoeverSends()
    {
        var rooms = await RoomsHosts.StartRoomsAsync();
        await using var callers = await RoomsHosts.StartCallersAsync(rooms.Address);
        var lines = RoomsHosts.LinesAsync(callers, "/lost");
        var upload = RoomsHosts.LinesAsync(callers, "/lostUpload");
        await rooms.UntilSaidAsync("hold opened");
        await rooms.UntilSaidAsync("patient opened");

        await rooms.DisposeAsync();

        const string Lost = "unavailable: the connection to the service rooms was lost";
        Assert.Equal(["held", Lost, Lost], await lines);
        Assert.Equal([Lost], await upload);
        var line = await callers.UntilSaidAsync("service stream lost");
        Assert.Equal((rooms.Address.ToString(), 26), (line.GetProperty("address").GetString(), line.GetProperty("trace_id").GetString()!.Length));
        Assert.Equal(0, callers.OpenStreams);
    }

    [Fact]
    public async Task HostThatShutsDown_IsUnavailable()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var callers = await RoomsHosts.StartCallersAsync(rooms.Address);
        var lines = RoomsHosts.LinesAsync(callers, "/lost");
        await callers.UntilSaidAsync("caller waits");

        await rooms.StopAsync();

        Assert.Equal("unavailable: the connection to the service rooms was lost", (await lines)[1]);
        var line = await callers.UntilSaidAsync("service stream lost");
        Assert.Equal("its host says: the application is shutting down", line.GetProperty("error").GetString());
        Assert.Equal(0, rooms.OpenStreams);
    }

    [Fact]
    public async Task CallersHostThatEnds_EndsTheStream()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        var callers = await RoomsHosts.StartCallersAsync(rooms.Address);
        await using var connection = await callers.ConnectAsync();
        await connection.SendAsync("GET /hang HTTP/1.1\r\nHost: test\r\n\r\n");
        await rooms.UntilSaidAsync("silent opened");

        await callers.DisposeAsync();

        await rooms.UntilSaidAsync("silent told: AbortError");
        await rooms.UntilSaidAsync("silent ended");
    }

    [Fact]
    public async Task MessageOfAnotherType_IsAnErrorThatTheLogExplains_AfterWhatCameBefore()
    {
        await using var hosts = await RoomsHosts.StartAsync();

        var lines = await hosts.LinesAsync("/liar");

        Assert.Equal(["true", "internal: an internal error occurred"], lines);
        await hosts.Callers.UntilLoggedAsync(line =>
            line.TryGetProperty("error", out var error) && error.GetString()!.Contains("rooms.liar sent what its type doesn't allow", StringComparison.Ordinal));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task NobodyListens_IsUnavailable()
    {
        using var nobody = ShopHosts.Reserve();
        await using var callers = await RoomsHosts.StartCallersAsync((IPEndPoint)nobody.LocalEndPoint!);

        var answer = await callers.GetAsync("/count");

        answer.AssertError(503, "unavailable", "the service rooms can't be reached");
        var line = Assert.Single(callers.LoggedOf(answer), line => line.GetProperty("message").GetString() == "service call failed");
        Assert.Equal(4, line.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task HostThatComesBack_IsReachedAgain()
    {
        var rooms = await RoomsHosts.StartRoomsAsync();
        await using var callers = await RoomsHosts.StartCallersAsync(rooms.Address);
        Assert.Equal(["ab"], await RoomsHosts.LinesAsync(callers, "/count"));
        var address = rooms.Address;
        await rooms.DisposeAsync();
        var opening = RoomsHosts.LinesAsync(callers, "/count");

        await using var again = await RoomsHosts.StartRoomsAsync(address);

        // Whether or not the first opening was repeated for long enough, the next one gets through.
        await Record.ExceptionAsync(() => opening);
        Assert.Equal(["ab"], await RoomsHosts.LinesAsync(callers, "/count"));
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 4)]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", 1)]
    public async Task SomethingElseThanAHost_IsUnavailable(string answer, int requests)
    {
        using var server = new FailingServer(answer);
        await using var callers = await RoomsHosts.StartCallersAsync(server.Address);

        (await callers.GetAsync("/count")).AssertError(503, "unavailable", "the service rooms can't be reached");

        Assert.Equal(requests, server.Requests);
    }

    [Fact]
    public async Task WrongKey_IsRefused_AndBothLogsSayWhy()
    {
        await using var hosts = await RoomsHosts.StartAsync(callersKey: new AuthKey(1, "not the secret"));

        var answer = await hosts.Callers.GetAsync("/count");

        answer.AssertError(500, "internal", "an internal error occurred");
        Assert.Contains(hosts.Callers.LoggedOf(answer), line =>
            line.TryGetProperty("error", out var error) && error.GetString()!.Contains("doesn't take the call, and its log says why", StringComparison.Ordinal));
        Assert.Contains(hosts.Rooms.LoggedOf(answer), line => line.TryGetProperty("error", out var error) && error.GetString() == "the signature isn't one of key 1");
        Assert.Equal(0, hosts.Rooms.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task SlowCaller_IsKept_HoweverLongItTakes()
    {
        // The caller takes nothing for longer than an answer to a ping may take, while its host has as much as there is room for.
        var quick = new StreamOptions { PingInterval = TimeSpan.FromMilliseconds(100), PingTimeout = TimeSpan.FromSeconds(1) };
        await using var hosts = await RoomsHosts.StartAsync(streams: quick);

        Assert.Equal(["0", "1999"], await hosts.LinesAsync("/nap"));
        await hosts.UntilNothingIsOpenAsync();
    }

    [Fact]
    public async Task HostThatFallsSilent_IsGivenUp()
    {
        using var server = new SilentHost();
        var quick = new StreamOptions { PingInterval = TimeSpan.FromMilliseconds(50), PingTimeout = TimeSpan.FromMilliseconds(100) };
        await using var callers = await RoomsHosts.StartCallersAsync(server.Address, streams: quick);

        var answer = await callers.GetAsync("/count");

        answer.AssertError(503, "unavailable", "the connection to the service rooms was lost");
        Assert.Equal(0, callers.OpenStreams);
    }
}

using System.Net;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Streams;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>The application of <see cref="RoomsApplication"/>: its callers in one host, the rooms in another, or both in one.</summary>
internal sealed class RoomsHosts : IAsyncDisposable
{
    public static AuthKey Key { get; } = new(1, "the hosts' secret");

    private RoomsHosts(TestHost callers, TestHost rooms) => (Callers, Rooms) = (callers, rooms);

    public TestHost Callers { get; }

    public TestHost Rooms { get; }

    /// <param name="inOne">Whether both services share the isolate.</param>
    /// <param name="engine">Runs the callers.</param>
    /// <param name="deadline">The time that the callers have.</param>
    /// <param name="streams">How both keep streams.</param>
    /// <param name="callersKey">What calls are signed with.</param>
    public static async Task<RoomsHosts> StartAsync(
        bool inOne = false, EngineKind engine = EngineKind.V8, TimeSpan? deadline = null, StreamOptions? streams = null, AuthKey? callersKey = null)
    {
        if (inOne)
        {
            var both = await TestHost.StartAsync(TestHost.Options with { Engine = engine }, RoomsApplication.Create());
            return new RoomsHosts(both, both);
        }

        var rooms = await StartRoomsAsync(streams: streams);
        return new RoomsHosts(await StartCallersAsync(rooms.Address, engine, deadline, streams, callersKey), rooms);
    }

    public static Task<TestHost> StartRoomsAsync(IPEndPoint? listen = null, StreamOptions? streams = null) => TestHost.StartAsync(
        TestHost.Options with
        {
            Listen = listen ?? TestHost.Options.Listen,
            Streams = streams ?? TestHost.Options.Streams,
            Infrastructure = InfrastructureConfig.Empty with { HostedServices = ["rooms"], HostedGateways = [], Auth = [Key] },
        },
        RoomsApplication.Create());

    public static Task<TestHost> StartCallersAsync(
        IPEndPoint rooms, EngineKind engine = EngineKind.V8, TimeSpan? deadline = null, StreamOptions? streams = null, AuthKey? key = null) => TestHost.StartAsync(
        TestHost.Options with
        {
            Engine = engine,
            HandlerDeadline = deadline ?? TestHost.Options.HandlerDeadline,
            Streams = streams ?? TestHost.Options.Streams,
            Infrastructure = InfrastructureConfig.Empty with
            {
                HostedServices = ["caller"],
                ServiceDiscovery = new Dictionary<string, ServiceLocation> { ["rooms"] = new($"http://{rooms}/", [key ?? Key]) },
            },
        },
        RoomsApplication.Create());

    /// <summary>What one of the callers answers.</summary>
    public Task<string[]> LinesAsync(string path) => LinesAsync(Callers, path);

    public static async Task<string[]> LinesAsync(TestHost callers, string path, string headers = "")
    {
        var answer = await callers.GetAsync(path, headers);
        Assert.True(answer.Status == 200, answer.Body);
        return [.. answer.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetString() ?? "")];
    }

    /// <summary>Waits until neither host has a stream open.</summary>
    public async Task UntilNothingIsOpenAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Callers.OpenStreams + Rooms.OpenStreams > 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Callers.DisposeAsync();
        if (Rooms != Callers)
        {
            await Rooms.DisposeAsync();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Two hosts of one application: the shop in one, the store in the other.</summary>
internal sealed class ShopHosts : IAsyncDisposable
{
    public static AuthKey Key { get; } = new(1, "the hosts' secret");

    private ShopHosts(TestHost shop, TestHost store)
    {
        Shop = shop;
        Store = store;
    }

    public TestHost Shop { get; }

    public TestHost Store { get; }

    public static async Task<ShopHosts> StartAsync(AuthKey? shopKey = null, TimeSpan? shopDeadline = null, EngineKind engine = EngineKind.V8)
    {
        var store = await StartStoreAsync();
        return new ShopHosts(await StartShopAsync(store.Address, shopKey, shopDeadline, engine), store);
    }

    public static Task<TestHost> StartStoreAsync(IPEndPoint? listen = null, IReadOnlyList<string>? gateways = null) => TestHost.StartAsync(
        TestHost.Options with
        {
            Listen = listen ?? TestHost.Options.Listen,
            Infrastructure = InfrastructureConfig.Empty with { HostedServices = ["store"], HostedGateways = gateways, Auth = [new AuthKey(7, "another"), Key] },
        },
        ShopApplication.Create());

    public static Task<TestHost> StartShopAsync(
        IPEndPoint store, AuthKey? key = null, TimeSpan? deadline = null, EngineKind engine = EngineKind.V8) => TestHost.StartAsync(
        TestHost.Options with
        {
            Engine = engine,
            HandlerDeadline = deadline ?? TestHost.Options.HandlerDeadline,
            Infrastructure = InfrastructureConfig.Empty with
            {
                HostedServices = ["shop"],
                ServiceDiscovery = new Dictionary<string, ServiceLocation> { ["store"] = new($"http://{store}/", [key ?? Key]) },
            },
        },
        ShopApplication.Create());

    /// <summary>An address that nobody listens at, and that nobody else gets as long as the socket is held.</summary>
    public static Socket Reserve()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        await Store.DisposeAsync();
    }
}

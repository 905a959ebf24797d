using System.Net;
using Encore.Host.Tests.Http;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Calls of services that are gone, coming back, or behind something that isn't a host.</summary>
public sealed class UnreachableServiceTests
{
    private const string Unavailable = """{"code":"unavailable","message":"the service store can't be reached"}""";
    private const string Busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("/read")]
    [InlineData("/write")]
    public async Task NobodyListens_IsUnavailable(string path)
    {
        using var nobody = ShopHosts.Reserve();
        await using var shop = await ShopHosts.StartShopAsync((IPEndPoint)nobody.LocalEndPoint!);

        var answer = await shop.GetAsync(path);

        Assert.Equal(Unavailable, answer.Body);
        var line = Assert.Single(shop.LoggedOf(answer), line => line.GetProperty("message").GetString() == "service call failed");
        Assert.Equal(4, line.GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData("/read")]
    [InlineData("/write")]
    public async Task HostThatComesBack_IsCalledAgain(string path)
    {
        var store = await ShopHosts.StartStoreAsync();
        await using var shop = await ShopHosts.StartShopAsync(store.Address);
        Assert.Equal(200, (await shop.GetAsync(path)).Status);
        var address = store.Address;
        await store.DisposeAsync();
        Assert.Equal(Unavailable, (await shop.GetAsync(path)).Body);

        await using var again = await ShopHosts.StartStoreAsync(address);

        Assert.StartsWith("{\"message\"", (await shop.GetAsync(path)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/read", "", 4)]
    [InlineData("/read", Busy, 4)]
    [InlineData("/write", "", 1)]
    [InlineData("/write", Busy, 1)]
    public async Task LostAnswer_OnlySafeCallsAreMadeAgain(string path, string answer, int requests)
    {
        using var server = new FailingServer(answer);
        await using var shop = await ShopHosts.StartShopAsync(server.Address);

        Assert.Equal(Unavailable, (await shop.GetAsync(path)).Body);

        Assert.Equal(requests, server.Requests);
    }

    [Fact]
    public async Task ProxysOwnAnswer_IsNotTheServices()
    {
        using var server = new FailingServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        await using var shop = await ShopHosts.StartShopAsync(server.Address);

        Assert.Equal(Unavailable, (await shop.GetAsync("/read")).Body);
        await shop.UntilLoggedAsync(line => line.TryGetProperty("error", out var error) && error.GetString() == "something else than a host answered with status 200");
    }

    [Fact]
    public async Task HostThatEndsDuringACall_IsUnavailable()
    {
        var store = await ShopHosts.StartStoreAsync();
        await using var shop = await ShopHosts.StartShopAsync(store.Address);
        await using var connection = await shop.ConnectAsync();
        await connection.SendAsync("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
        await store.UntilSaidAsync("store waits");

        await store.DisposeAsync();

        var answer = await connection.ReceiveAsync();
        Assert.Equal((503, "unavailable"), (answer.Status, answer.Json.GetProperty("code").GetString()));
    }
}

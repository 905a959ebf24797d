using System.Text;
using Bridge.Core.Isolates;
using Encore.Host.Configuration;
using Encore.Host.Tests.Http;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Calls between services that two hosts run.</summary>
public sealed class RemoteCallTests
{
    [Theory]
    [InlineData(EngineKind.V8)]
    [InlineData(EngineKind.Jint)]
    public async Task Values_ThereAndBack_AreWhatTheirTypesSay(EngineKind engine)
    {
        await using var hosts = await ShopHosts.StartAsync(engine: engine);

        var answer = (await hosts.Shop.GetAsync("/exchange")).Json;

        Assert.Equal(
            """["at:Date","count:BigInt","data:Uint8Array","tags:Set","token:String","status:Number"]""", answer.GetProperty("kinds").GetRawText());
        Assert.Equal(
            """["1970-01-01T00:00:01.000Z","12345678901234567890","1,2,255","a,b","t","201"]""", answer.GetProperty("values").GetRawText());
    }

    [Fact]
    public async Task EndpointThatAnswersNothing_GivesUndefined()
    {
        await using var hosts = await ShopHosts.StartAsync();

        Assert.Equal("""{"answer":"undefined"}""", (await hosts.Shop.GetAsync("/nothing")).Body);
    }

    [Fact]
    public async Task WrongParameter_IsRefusedWhereItIsPassed()
    {
        await using var hosts = await ShopHosts.StartAsync();

        var answer = (await hosts.Shop.GetAsync("/wrong-parameter")).Json;

        Assert.Equal("invalid_argument", answer.GetProperty("code").GetString());
        Assert.Contains("expected a Date", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, hosts.Store.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task ApiError_Survives()
    {
        await using var hosts = await ShopHosts.StartAsync();

        Assert.Equal(
            """{"code":"failed_precondition","message":"only 1 left","details":{"left":1},"cause":"shelf"}""", (await hosts.Shop.GetAsync("/fail")).Body);
    }

    [Fact]
    public async Task OtherErrors_StayInTheirHost()
    {
        await using var hosts = await ShopHosts.StartAsync();

        var answer = await hosts.Shop.GetAsync("/crash");

        Assert.Equal("""{"code":"internal","message":"an internal error occurred","details":null,"cause":""}""", answer.Body);
        var line = Assert.Single(hosts.Store.LoggedOf(answer), line => line.TryGetProperty("stack", out _));
        Assert.Equal(("store", "crash", "TypeError: secret"), (line.GetProperty("service").GetString(), line.GetProperty("endpoint").GetString(), line.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task AnswerOfAnotherType_IsAnErrorThatTheLogExplains()
    {
        await using var hosts = await ShopHosts.StartAsync();

        var answer = await hosts.Shop.GetAsync("/wrong");

        Assert.Equal("internal", answer.Json.GetProperty("code").GetString());
        Assert.Contains(hosts.Shop.LoggedOf(answer), line =>
            line.TryGetProperty("error", out var error) && error.GetString()!.Contains("store.wrong answered what its type doesn't allow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UserAndTrace_GoAlong()
    {
        await using var hosts = await ShopHosts.StartAsync();

        var answer = await hosts.Shop.GetAsync("/who", "X-Token: ada\r\n");

        var who = answer.Json;
        Assert.Equal(("ada", "1970-01-01T00:00:01.000Z"), (who.GetProperty("user").GetString(), who.GetProperty("since").GetString()));
        Assert.Equal(answer.Trace, who.GetProperty("trace").GetString());
        Assert.Equal("PUT /store/who", who.GetProperty("request").GetString());
        Assert.All(hosts.Store.LoggedOf(answer), line => Assert.Equal("store", line.GetProperty("service").GetString()));
        Assert.Contains(hosts.Store.LoggedOf(answer), line => line.TryGetProperty("uid", out var uid) && uid.GetString() == "ada");
    }

    [Theory]
    [InlineData("/who", "", "1970")]
    [InlineData("/as-grace", "grace", "1970-01-01T00:00:05.000Z")]
    public async Task Caller_IsWhoTheCallSays(string path, string user, string since)
    {
        await using var hosts = await ShopHosts.StartAsync();

        var who = (await hosts.Shop.GetAsync(path)).Json;

        Assert.Equal(user, who.GetProperty("user").GetString());
        Assert.Equal(user.Length == 0 ? "" : since, who.GetProperty("since").GetString());
    }

    [Fact]
    public async Task AnonymousCall_OfAnEndpointWithAuth_IsRefused()
    {
        await using var hosts = await ShopHosts.StartAsync();

        Assert.Equal("unauthenticated", (await hosts.Shop.GetAsync("/members")).Json.GetProperty("code").GetString());
    }

    [Fact]
    public async Task ClientThatLeaves_CancelsTheOtherHostsHandler()
    {
        await using var hosts = await ShopHosts.StartAsync();
        var connection = await hosts.Shop.ConnectAsync();
        await connection.SendAsync("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
        await hosts.Store.UntilSaidAsync("store waits");

        await connection.DisposeAsync();

        await hosts.Store.UntilSaidAsync("store told: AbortError");
    }

    [Fact]
    public async Task CallersDeadline_EndsTheCallInBothHosts()
    {
        await using var hosts = await ShopHosts.StartAsync(shopDeadline: TimeSpan.FromMilliseconds(400));

        var answer = await hosts.Shop.GetAsync("/wait");

        Assert.Equal((504, "deadline_exceeded"), (answer.Status, answer.Json.GetProperty("code").GetString()));
        await hosts.Store.UntilSaidAsync("store told: ");
    }

    [Fact]
    public async Task OtherServices_AreNotServed()
    {
        await using var hosts = await ShopHosts.StartAsync();

        Assert.Equal(404, (await hosts.Shop.GetAsync("/store/shown")).Status);
        Assert.Equal(200, (await hosts.Store.GetAsync("/store/shown")).Status);
        Assert.Equal(404, (await hosts.Store.GetAsync("/fail")).Status);
        Assert.Equal(404, (await hosts.Store.GetAsync("/store/read")).Status);
    }

    [Fact]
    public async Task HostWithoutGateways_IsForOtherHostsAlone()
    {
        await using var store = await ShopHosts.StartStoreAsync(gateways: []);
        await using var shop = await ShopHosts.StartShopAsync(store.Address);

        Assert.Equal(404, (await store.GetAsync("/store/shown")).Status);
        Assert.Equal("""{"message":"read 1"}""", (await shop.GetAsync("/read")).Body);
    }

    [Fact]
    public async Task ManyCalls_KeepTheirUsersApart()
    {
        await using var hosts = await ShopHosts.StartAsync();

        var users = await Task.WhenAll(Enumerable.Range(0, 100).Select(async index =>
            (await hosts.Shop.GetAsync("/who", $"X-Token: user{index.Text()}\r\n")).Json.GetProperty("user").GetString()));

        Assert.Equal(Enumerable.Range(0, 100).Select(index => $"user{index.Text()}"), users);
    }

    [Fact]
    public async Task EndpointOfAnotherHost_HasNoHandlerHere()
    {
        await using var hosts = await ShopHosts.StartAsync();
        var schema = ShopApplication.Create().Schema;
        var read = schema.Endpoints.ToList().FindIndex(endpoint => endpoint.Service == 1 && endpoint.Name == "read");

        using var answer = await hosts.Shop.Isolate.CallAsync(read, payload: null);

        Assert.Equal(AnswerKind.Error, answer.Kind);
        Assert.Contains("store.read is run by another host", Encoding.UTF8.GetString(answer.Json), StringComparison.Ordinal);
    }
}

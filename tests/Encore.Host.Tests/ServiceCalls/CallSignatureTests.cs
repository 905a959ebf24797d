using System.Globalization;
using System.Text;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.ServiceCalls;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Who may call a host's private endpoints.</summary>
public sealed class CallSignatureTests
{
    private const string Body = "[null,null]";

    private static readonly SignedCall Read = new("store.read", "", "");

    [Fact]
    public async Task SignedCall_IsTaken()
    {
        await using var store = await ShopHosts.StartStoreAsync();

        var answer = await CallAsync(store, "store.read", Sign(ShopHosts.Key, Read));

        Assert.Equal((200, "value", """{"message":"read 1"}"""), (answer.Status, answer["x-encore-call-answer"], answer.Body));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("nonsense")]
    [InlineData("wrong key")]
    [InlineData("unknown key")]
    [InlineData("other endpoint")]
    [InlineData("other timeout")]
    [InlineData("too old")]
    [InlineData("too new")]
    [InlineData("other body")]
    public async Task AnyOther_IsRefusedBeforeAnythingRuns(string fault)
    {
        await using var store = await ShopHosts.StartStoreAsync();
        var signature = fault switch
        {
            "none" => null,
            "nonsense" => "v1;key=1;time=0;body=;mac=",
            "wrong key" => Sign(new AuthKey(1, "guessed"), Read),
            "unknown key" => Sign(new AuthKey(2, ShopHosts.Key.Key), Read),
            "other endpoint" => Sign(ShopHosts.Key, Read with { Endpoint = "store.write" }),
            "other timeout" => Sign(ShopHosts.Key, Read with { Timeout = "1" }),
            "too old" => Sign(ShopHosts.Key, Read, seconds: -150),
            "too new" => Sign(ShopHosts.Key, Read, seconds: 150),
            _ => Sign(ShopHosts.Key, Read, body: """[{"userID":"root"},null]"""),
        };

        var answer = await CallAsync(store, "store.read", signature);

        Assert.Equal((401, "refused"), (answer.Status, answer["x-encore-call-answer"]));
        Assert.Equal("this path is for the application's own hosts", answer.Json.GetProperty("message").GetString());
        Assert.Equal(0, store.Isolate.HandlerCalls);
        Assert.Contains(store.LoggedOf(answer), line => line.GetProperty("message").GetString() == "call of another host refused");
    }

    [Fact]
    public async Task UnsignedBody_IsNotWaitedFor()
    {
        await using var store = await ShopHosts.StartStoreAsync();
        await using var connection = await store.ConnectAsync();

        await connection.SendAsync("POST /__encore/call/store.read HTTP/1.1\r\nHost: test\r\nContent-Length: 400000000\r\n\r\n");

        Assert.Equal(401, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task SignedCall_OfAnEndpointThatRunsElsewhere_IsRefused()
    {
        await using var store = await ShopHosts.StartStoreAsync();

        var answer = await CallAsync(store, "shop.read", Sign(ShopHosts.Key, new SignedCall("shop.read", "", "")));

        Assert.Equal((404, "refused"), (answer.Status, answer["x-encore-call-answer"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[null,null,null]")]
    [InlineData("[null,null")]
    [InlineData("""[{"userID":7},null]""")]
    public async Task SignedCall_WithAnotherBody_IsAnError(string body)
    {
        await using var store = await ShopHosts.StartStoreAsync();

        var answer = await CallAsync(store, "store.read", Sign(ShopHosts.Key, Read, body: body), body);

        Assert.Equal((400, "error", "invalid_argument"), (answer.Status, answer["x-encore-call-answer"], answer.Json.GetProperty("code").GetString()));
        Assert.Equal(0, store.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task HostWithoutKeys_TakesNoCalls()
    {
        await using var host = await TestHost.StartAsync(application: ShopApplication.Create());

        Assert.Equal(404, (await CallAsync(host, "store.read", Sign(ShopHosts.Key, Read))).Status);
    }

    [Fact]
    public async Task CallerWithAWrongKey_SeesAnInternalError_AndBothLogsSayWhy()
    {
        await using var hosts = await ShopHosts.StartAsync(shopKey: new AuthKey(1, "guessed"));

        var answer = await hosts.Shop.GetAsync("/fail");

        Assert.Equal("internal", answer.Json.GetProperty("code").GetString());
        Assert.Contains(hosts.Shop.LoggedOf(answer), line =>
            line.TryGetProperty("error", out var error) && error.GetString()!.Contains("doesn't take the call", StringComparison.Ordinal));
        Assert.Contains(hosts.Store.LoggedOf(answer), line =>
            line.TryGetProperty("error", out var error) && error.GetString() == "the signature isn't one of key 1");
    }

    private static string Sign(AuthKey key, SignedCall call, int seconds = 0, string body = Body) =>
        CallSignature.Sign(key, call, Encoding.UTF8.GetBytes(body), DateTimeOffset.UtcNow.AddSeconds(seconds)).ToString();

    private static Task<RawResponse> CallAsync(TestHost host, string endpoint, string? signature, string body = Body)
    {
        var header = signature is null ? "" : $"x-encore-call: {signature}\r\n";
        return host.SendAsync(string.Create(
            CultureInfo.InvariantCulture, $"POST /__encore/call/{endpoint} HTTP/1.1\r\nHost: test\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}"));
    }
}

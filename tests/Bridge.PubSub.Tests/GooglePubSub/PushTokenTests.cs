using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Bridge.GooglePubSub.Push;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Only what Google has signed for this subscription's account is let in.</summary>
public sealed class PushTokenTests : IDisposable
{
    private readonly PushKeys _keys;
    private readonly PushTokenVerifier _verifier;
    private int _asked;

    public PushTokenTests()
    {
        _keys = new PushKeys(
            _ =>
            {
                _asked++;
                return Task.FromResult(GoogleTokens.KeySet);
            },
            TimeProvider.System);
        _verifier = new PushTokenVerifier(_keys, GoogleTokens.Account, GoogleTokens.Audience, TimeProvider.System);
    }

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData("https://accounts.google.com")]
    [InlineData("accounts.google.com")]
    public async Task RefusalOf_TokenOfPubSub_IsNull(string issuer)
    {
        Assert.Null(await RefusalAsync(GoogleTokens.Make(claims => claims["iss"] = issuer)));
        Assert.Null(await RefusalAsync(GoogleTokens.Make()));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example\"", "issued by Google")]
    [InlineData("aud", "\"https://other.example.com\"", "not for https://api.example.com")]
    [InlineData("aud", "[\"https://api.example.com\"]", "nobody")]
    [InlineData("email", "\"other@project.iam.gserviceaccount.com\"", "not of push@")]
    [InlineData("email_verified", "false", "not of push@")]
    [InlineData("email_verified", "\"true\"", "not of push@")]
    [InlineData("exp", "1700000000", "expired")]
    [InlineData("exp", "null", "no JSON Web Token")]
    [InlineData("exp", "99999999999999999", "expired")]
    [InlineData("iat", "9999999999", "valid yet")]
    public async Task RefusalOf_WrongClaim_SaysWhich(string claim, string json, string expected) =>
        Assert.Contains(expected, await RefusalAsync(GoogleTokens.Make(claims => claims[claim] = JsonNode.Parse(json))), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "no token")]
    [InlineData("Basic abc", "no token")]
    [InlineData("Bearer abc", "no JSON Web Token")]
    [InlineData("Bearer a.b.c", "no JSON Web Token")]
    [InlineData("Bearer e30.e30.e30", "as Google signs")]
    [InlineData("Bearer W10.e30.e30", "no JSON Web Token")]
    public async Task RefusalOf_NoToken_SaysSo(string? authorization, string expected) =>
        Assert.Contains(expected, await _verifier.RefusalOfAsync(authorization, CancellationToken.None), StringComparison.Ordinal);

    [Fact]
    public async Task RefusalOf_ForgedToken_IsRefused()
    {
        using var forger = RSA.Create(2048);
        var good = GoogleTokens.Make().Split('.');

        Assert.Contains("signature", await RefusalAsync(GoogleTokens.Make(key: forger)), StringComparison.Ordinal);
        Assert.Contains("isn't Google's", await RefusalAsync(GoogleTokens.Make(key: forger, keyId: "k2")), StringComparison.Ordinal);
        Assert.Contains("as Google signs", await RefusalAsync($"{GoogleTokens.Encode("{\"alg\":\"none\",\"kid\":\"k1\"}")}.{good[1]}."), StringComparison.Ordinal);
        Assert.Contains("as Google signs", await RefusalAsync(GoogleTokens.Make(algorithm: "HS256")), StringComparison.Ordinal);
        Assert.Contains("signature", await RefusalAsync($"{good[0]}.{GoogleTokens.Encode("{}")}.{good[2]}"), StringComparison.Ordinal);
        // Made-up keys don't have Google asked each time.
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task RefusalOf_KeysUnreachable_IsNoRefusal()
    {
        using var keys = new PushKeys(_ => throw new HttpRequestException("no route"), TimeProvider.System);
        var verifier = new PushTokenVerifier(keys, GoogleTokens.Account, GoogleTokens.Audience, TimeProvider.System);

        var error = await Assert.ThrowsAsync<BrokerException>(async () => await verifier.RefusalOfAsync("Bearer " + GoogleTokens.Make(), CancellationToken.None));

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task RefusalOf_KeysUnreachableForAWhile_KnowsTheLastOnesAndAsksSeldom()
    {
        var (time, asked, isThere) = (new ManualTime(), 0, true);
        using var keys = new PushKeys(
            _ =>
            {
                asked++;
                return isThere ? Task.FromResult(GoogleTokens.KeySet) : throw new HttpRequestException("no route");
            },
            time);
        var verifier = new PushTokenVerifier(keys, GoogleTokens.Account, GoogleTokens.Audience, TimeProvider.System);
        ValueTask<string?> LookAsync(string keyId = "k1") => verifier.RefusalOfAsync("Bearer " + GoogleTokens.Make(keyId: keyId), CancellationToken.None);
        Assert.Null(await LookAsync());

        isThere = false;
        time.Now += TimeSpan.FromHours(2);
        Assert.Null(await LookAsync());
        Assert.Null(await LookAsync());
        Assert.Equal(2, asked);
        await Assert.ThrowsAsync<BrokerException>(async () => await LookAsync("k2"));

        time.Now += TimeSpan.FromHours(24);
        await Assert.ThrowsAsync<BrokerException>(async () => await LookAsync());
        await Assert.ThrowsAsync<BrokerException>(async () => await LookAsync());
        Assert.Equal(3, asked);

        isThere = true;
        time.Now += TimeSpan.FromSeconds(6);
        Assert.Null(await LookAsync());
    }

    private async Task<string?> RefusalAsync(string token) => await _verifier.RefusalOfAsync("Bearer " + token, CancellationToken.None);

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

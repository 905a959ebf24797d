using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.GooglePubSub.Push;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Only what Google has signed for this subscription's account is let in.</summary>
public sealed class PushTokenTests : IDisposable
{
    private const string Account = "push@project.iam.gserviceaccount.com";
    private const string Audience = "https://api.example.com";

    private static readonly RSA Google = RSA.Create(2048);
    private readonly PushKeys _keys;
    private readonly PushTokenVerifier _verifier;
    private int _asked;

    public PushTokenTests()
    {
        var parameters = Google.ExportParameters(includePrivateParameters: false);
        var set = JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", kid = "k1", alg = "RS256", n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } },
        });
        _keys = new PushKeys(
            _ =>
            {
                _asked++;
                return Task.FromResult(set);
            },
            TimeProvider.System);
        _verifier = new PushTokenVerifier(_keys, Account, Audience, TimeProvider.System);
    }

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData("https://accounts.google.com")]
    [InlineData("accounts.google.com")]
    public async Task RefusalOf_TokenOfPubSub_IsNull(string issuer)
    {
        Assert.Null(await RefusalAsync(Token(claims => claims["iss"] = issuer)));
        Assert.Null(await RefusalAsync(Token()));
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
        Assert.Contains(expected, await RefusalAsync(Token(claims => claims[claim] = JsonNode.Parse(json))), StringComparison.Ordinal);

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
        var good = Token().Split('.');

        Assert.Contains("signature", await RefusalAsync(Token(key: forger)), StringComparison.Ordinal);
        Assert.Contains("isn't Google's", await RefusalAsync(Token(key: forger, keyId: "k2")), StringComparison.Ordinal);
        Assert.Contains("as Google signs", await RefusalAsync($"{Encode("{\"alg\":\"none\",\"kid\":\"k1\"}")}.{good[1]}."), StringComparison.Ordinal);
        Assert.Contains("as Google signs", await RefusalAsync(Token(algorithm: "HS256")), StringComparison.Ordinal);
        Assert.Contains("signature", await RefusalAsync($"{good[0]}.{Encode("{}")}.{good[2]}"), StringComparison.Ordinal);
        // Made-up keys don't have Google asked each time.
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task RefusalOf_KeysUnreachable_IsNoRefusal()
    {
        using var keys = new PushKeys(_ => throw new HttpRequestException("no route"), TimeProvider.System);
        var verifier = new PushTokenVerifier(keys, Account, Audience, TimeProvider.System);

        var error = await Assert.ThrowsAsync<BrokerException>(async () => await verifier.RefusalOfAsync("Bearer " + Token(), CancellationToken.None));

        Assert.True(error.IsTransient);
    }

    private async Task<string?> RefusalAsync(string token) => await _verifier.RefusalOfAsync("Bearer " + token, CancellationToken.None);

    private string Token(Action<JsonObject>? change = null, RSA? key = null, string keyId = "k1", string algorithm = "RS256")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "https://accounts.google.com",
            ["aud"] = Audience,
            ["email"] = Account,
            ["email_verified"] = true,
            ["iat"] = now,
            ["exp"] = now + 3600,
        };
        change?.Invoke(claims);
        var text = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"{{keyId}}","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        var signature = (key ?? Google).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

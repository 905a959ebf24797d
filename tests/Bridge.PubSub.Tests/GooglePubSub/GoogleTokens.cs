using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Tokens as Google signs them for pushed messages, by a key of the tests' own.</summary>
internal static class GoogleTokens
{
    public const string Account = "push@project.iam.gserviceaccount.com";
    public const string Audience = "https://api.example.com";

    private static readonly RSA Google = RSA.Create(2048);

    /// <summary>The key as Google gives its own out.</summary>
    public static string KeySet { get; } = Describe(Google.ExportParameters(includePrivateParameters: false));

    public static string Make(Action<JsonObject>? change = null, RSA? key = null, string keyId = "k1", string algorithm = "RS256")
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
        lock (Google)
        {
            var signature = (key ?? Google).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{text}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string Describe(RSAParameters parameters) => JsonSerializer.Serialize(new
    {
        keys = new[] { new { kty = "RSA", kid = "k1", alg = "RS256", n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } },
    });
}

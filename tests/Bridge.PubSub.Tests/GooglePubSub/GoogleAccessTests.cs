using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridge.GooglePubSub.Access;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Requests say who they are from as Google expects it.</summary>
public sealed class GoogleAccessTests
{
    [Fact]
    public async Task Authorization_ServiceAccount_IsATokenSignedByItsKey()
    {
        using var key = RSA.Create(2048);
        using var tokens = new ServiceAccountTokens(KeyOf(key), TimeProvider.System);

        var authorization = await tokens.AuthorizationAsync(CancellationToken.None);

        Assert.StartsWith("Bearer ", authorization, StringComparison.Ordinal);
        var parts = authorization!["Bearer ".Length..].Split('.');
        var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(("RS256", "key-1"), (head.GetProperty("alg").GetString(), head.GetProperty("kid").GetString()));
        Assert.Equal("host@project.iam.gserviceaccount.com", claims.GetProperty("iss").GetString());
        Assert.Equal(claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString());
        Assert.Equal("https://pubsub.googleapis.com/", claims.GetProperty("aud").GetString());
        Assert.Equal(3600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(authorization, await tokens.AuthorizationAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"type":"authorized_user"}""")]
    [InlineData("""{"type":"service_account","private_key_id":"a","client_email":"b","private_key":"c"}""")]
    public void ServiceAccount_NoKey_SaysWhatToGive(string json)
    {
        var error = Assert.Throws<BrokerException>(() => new ServiceAccountTokens(json, TimeProvider.System));

        Assert.False(error.IsTransient);
        Assert.NotEqual("", error.Help);
    }

    [Fact]
    public async Task Authorization_Machine_IsAskedForOnce()
    {
        using var server = new MetadataServer("""{"access_token":"abc","expires_in":3599,"token_type":"Bearer"}""");
        using var tokens = new MachineTokens(new HttpClient(server), MachineTokens.DefaultHost, TimeProvider.System);

        Assert.Equal("Bearer abc", await tokens.AuthorizationAsync(CancellationToken.None));
        Assert.Equal("Bearer abc", await tokens.AuthorizationAsync(CancellationToken.None));
        var request = Assert.Single(server.Requests);
        Assert.Equal("http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token Google", request);
    }

    [Fact]
    public async Task Authorization_TokenAboutToExpire_IsAskedForAgain()
    {
        using var server = new MetadataServer("""{"access_token":"abc","expires_in":60,"token_type":"Bearer"}""");
        using var tokens = new MachineTokens(new HttpClient(server), MachineTokens.DefaultHost, TimeProvider.System);

        await tokens.AuthorizationAsync(CancellationToken.None);
        await tokens.AuthorizationAsync(CancellationToken.None);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Authorization_NotAMachineOfGoogles_SaysWhatToDo()
    {
        using var server = new MetadataServer(answer: null);
        using var tokens = new MachineTokens(new HttpClient(server), MachineTokens.DefaultHost, TimeProvider.System);

        var error = await Assert.ThrowsAsync<BrokerException>(async () => await tokens.AuthorizationAsync(CancellationToken.None));

        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", error.Help, StringComparison.Ordinal);
    }

    private static string KeyOf(RSA key) => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "project",
        private_key_id = "key-1",
        private_key = key.ExportPkcs8PrivateKeyPem(),
        client_email = "host@project.iam.gserviceaccount.com",
    });

    private sealed class MetadataServer(string? answer) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.RequestUri} {string.Join(',', request.Headers.GetValues("Metadata-Flavor"))}");
            return Task.FromResult(answer is null
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) });
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Http;

namespace Encore.Host.Tests.Http;

/// <summary>HTTP/1.1 and HTTP/2, with TLS and without, by a client that others wrote.</summary>
public sealed class ProtocolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-host-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Cleartext_EitherVersion_IsServedOnOnePort(string version)
    {
        await using var host = await TestHost.StartAsync(application: EdgeApp.Create());
        using var client = new HttpClient();

        await ExchangeAsync(client, $"http://{host.Address}", Version.Parse(version));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tls_EitherVersion_IsNegotiated(string version)
    {
        var options = TestHost.Options with { Infrastructure = new InfrastructureConfig { Http = new HttpConfig { Tls = WriteCertificate() } } };
        await using var host = await TestHost.StartAsync(options, EdgeApp.Create());
        using var client = TrustingClient(options.Infrastructure.Http.Tls!);

        await ExchangeAsync(client, $"https://localhost:{host.Address.Port}", Version.Parse(version));
    }

    [Fact]
    public async Task Http2_ManyStreams_GetTheirOwnAnswers()
    {
        await using var host = await TestHost.StartAsync(application: EdgeApp.Create());
        using var client = new HttpClient();

        var texts = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            SendAsync(client, HttpMethod.Post, $"http://{host.Address}/echo", HttpVersion.Version20, $$"""{"text":"{{number}}"}""")));

        Assert.Equal(Enumerable.Range(0, 200).Select(number => $$"""{"text":"{{number}}"}"""), texts.Select(answer => answer.Body));
    }

    [Fact]
    public async Task Http2_ClientLeavesOneStream_OthersGoOn()
    {
        await using var host = await TestHost.StartAsync();
        using var client = new HttpClient();
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Address}/hold") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var held = client.SendAsync(request, leave.Token);
        while (host.Isolate.HandlerCalls == 0)
        {
            await Task.Yield();
        }

        await leave.CancelAsync();
        await Task.WhenAny(held);
        Assert.True(held.IsCanceled);

        Assert.Equal("""{"message":"hi"}""", (await SendAsync(client, HttpMethod.Get, $"http://{host.Address}/hello", HttpVersion.Version20)).Body);
    }

    [Fact]
    public async Task Cleartext_PrefaceWithH2cOff_IsRefused()
    {
        var options = TestHost.Options with { Infrastructure = new InfrastructureConfig { Http = new HttpConfig { H2c = false } } };
        await using var host = await TestHost.StartAsync(options, EdgeApp.Create());
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, HttpMethod.Get, $"http://{host.Address}/plain", HttpVersion.Version20));
        Assert.Equal(200, (await host.GetAsync("/plain")).Status);
    }

    [Theory]
    [InlineData("P", "UT /several HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("PR", "OPFIND /several HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", 404)]
    [InlineData("PA", "TCH /several HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")]
    public async Task Cleartext_FirstBytesLikeThePreface_IsHttp1(string first, string rest, int status = 200)
    {
        await using var host = await TestHost.StartAsync(application: EdgeApp.Create());
        await using var connection = await host.ConnectAsync();

        await connection.SendAsync(first);
        await connection.SendAsync(rest);

        Assert.Equal(status, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Start_UnreadableCertificate_SaysWhichFile()
    {
        var missing = new TlsConfig(Path.Combine(_folder.FullName, "none.pem"), Path.Combine(_folder.FullName, "none.key"));
        var options = TestHost.Options with { Infrastructure = new InfrastructureConfig { Http = new HttpConfig { Tls = missing } } };

        var error = await Assert.ThrowsAsync<TlsException>(() => TestHost.StartAsync(options));

        Assert.Contains("none.pem", error.Message, StringComparison.Ordinal);
    }

    private static async Task ExchangeAsync(HttpClient client, string origin, Version version)
    {
        var get = await SendAsync(client, HttpMethod.Get, origin + "/routes/ü", version);
        var post = await SendAsync(client, HttpMethod.Post, origin + "/echo", version, $$"""{"text":"{{new string('x', 300_000)}}"}""");
        var head = await SendAsync(client, HttpMethod.Head, origin + "/plain", version);
        var none = await SendAsync(client, HttpMethod.Delete, origin + "/several", version);

        Assert.Equal((200, """{"name":"parameter","path":"ü"}"""), get);
        Assert.Equal((200, $$"""{"text":"{{new string('x', 300_000)}}"}"""), post);
        Assert.Equal((200, ""), head);
        Assert.Equal(404, none.Status);
    }

    private static async Task<(int Status, string Body)> SendAsync(HttpClient client, HttpMethod method, string url, Version version, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        Assert.Equal(version, response.Version);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static HttpClient TrustingClient(TlsConfig tls)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(tls.CertificateFile);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } }, disposeHandler: true);
    }

    private TlsConfig WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var config = new TlsConfig(Path.Combine(_folder.FullName, "tls.pem"), Path.Combine(_folder.FullName, "tls.key"));
        File.WriteAllText(config.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(config.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return config;
    }
}

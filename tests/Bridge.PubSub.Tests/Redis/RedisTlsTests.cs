using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bridge.Redis;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>Connections that are protected.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("encore-redis-tls-").FullName;

    [Fact]
    public async Task Tls_CertificateOfTheAuthority_IsTrusted_AndOthersAreNot()
    {
        using var authority = NewAuthority("one");
        using var other = NewAuthority("other");
        using var server = NewCertificate(authority, "server");
        using var client = NewCertificate(authority, "client");
        Write("ca.pem", authority.ExportCertificatePem());
        Write("server.pem", server.ExportCertificatePem());
        Write("server.key", server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using var redis = await RedisServer.StartTlsAsync(
            "--tls-cert-file", Path.Combine(_folder, "server.pem"), "--tls-key-file", Path.Combine(_folder, "server.key"), "--tls-ca-cert-file", Path.Combine(_folder, "ca.pem"));
        var topic = new BrokerTopic { Name = "t", Address = "t", Subscriptions = [new BrokerSubscription { Topic = "t", Name = "s", Address = "s" }] };
        var options = redis.Options with { Tls = new RedisTls(authority, client), Timeout = TimeSpan.FromSeconds(2) };

        await using var broker = new RedisStreamsBroker(options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.Null(Assert.Single(await broker.PublisherOf(topic).PublishAsync([new OutgoingMessage { Body = Encoding.UTF8.GetBytes("1") }], CancellationToken.None)).Error);

        await using var wary = new RedisStreamsBroker(options with { Tls = new RedisTls(other, client) }, [topic]);
        await Assert.ThrowsAsync<BrokerException>(() => wary.PrepareAsync(provision: true, CancellationToken.None));
        await using var nameless = new RedisStreamsBroker(options with { Tls = new RedisTls(authority) }, [topic]);
        await Assert.ThrowsAsync<BrokerException>(() => nameless.PrepareAsync(provision: true, CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static X509Certificate2 NewAuthority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN=authority {name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 NewCertificate(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}

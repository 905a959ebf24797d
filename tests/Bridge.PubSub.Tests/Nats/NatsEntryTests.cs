using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bridge.Core.PubSub;
using Bridge.Nats;
using static Bridge.PubSub.Tests.Nats.BrokerSession;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>Credentials and encryption.</summary>
public sealed class NatsEntryTests
{
    private const string Encrypted = """tls { cert_file: "FOLDER/server.pem", key_file: "FOLDER/server.key" }""";

    private readonly BrokerTopic _topic = NatsServer.Topic("orders", "mailer");

    [Fact]
    public async Task UserAndPassword_LetIn_OthersAreTold()
    {
        await using var server = await NatsServer.StartAsync("""authorization { user: "app", password: "s3cret/@" }""");
        await AssertWorksAsync(server.Options with { User = "app", Password = "s3cret/@" });
        await AssertWorksAsync(server.Options with { Servers = $"nats://app:s3cret%2F%40@127.0.0.1:{server.Port}" });

        foreach (var options in new[] { server.Options, server.Options with { User = "app", Password = "wrong" } })
        {
            var error = await RefusedAsync(options);
            Assert.False(error.IsTransient);
            Assert.Contains("Authorization Violation", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Token_LetsIn()
    {
        await using var server = await NatsServer.StartAsync("""authorization { token: "t0ken" }""");

        await AssertWorksAsync(server.Options with { Token = "t0ken" });
        await AssertWorksAsync(server.Options with { Servers = $"nats://t0ken@127.0.0.1:{server.Port}" });
    }

    [Fact]
    public async Task ForbiddenSubject_IsNamed()
    {
        await using var server = await NatsServer.StartAsync("""
            authorization { users: [ { user: "app", password: "p", permissions: { publish: { deny: ["orders.>"] } } } ] }
            """);
        await using var session = await BrokerSession.OpenAsync(server.Options with { User = "app", Password = "p" }, _topic);

        var error = Assert.IsType<BrokerException>(Assert.Single(await session.PublishAllAsync(["a"])).Error);

        Assert.False(error.IsTransient);
        Assert.Contains("orders.all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_ByAuthority_AndNameOfTheHost()
    {
        var authority = "";
        await using var server = await NatsServer.StartAsync(Encrypted, folder => authority = WriteCertificate(folder));
        var trusting = server.Options with { Tls = new NatsTls { Authority = authority } };

        await AssertWorksAsync(trusting with { Servers = $"tls://localhost:{server.Port}" });
        await AssertWorksAsync(trusting with { Servers = $"nats://localhost:{server.Port}" });
        Assert.False((await RefusedAsync(trusting)).IsTransient);
        Assert.False((await RefusedAsync(server.Options with { Servers = $"tls://localhost:{server.Port}" })).IsTransient);
        await AssertWorksAsync(trusting with { Tls = trusting.Tls with { SkipsHostname = true } });
        await AssertWorksAsync(server.Options with { Tls = new NatsTls { SkipsAuthority = true } });
    }

    [Fact]
    public async Task Tls_WithClientsCertificate()
    {
        var authority = "";
        await using var server = await NatsServer.StartAsync(
            """tls { cert_file: "FOLDER/server.pem", key_file: "FOLDER/server.key", ca_file: "FOLDER/server.pem", verify: true }""",
            folder => authority = WriteCertificate(folder));
        var anonymous = server.Options with { Servers = $"tls://localhost:{server.Port}", Tls = new NatsTls { Authority = authority } };
        var key = await File.ReadAllTextAsync(Path.Combine(server.Folder, "server.key"));

        await AssertWorksAsync(anonymous with { Tls = anonymous.Tls with { ClientCertificate = authority, ClientKey = key } });
        await RefusedAsync(anonymous);
    }

    [Fact]
    public async Task UnencryptedServer_IsntUsed_WhereTlsIsAskedFor()
    {
        await using var server = await NatsServer.StartAsync();

        Assert.Contains("doesn't encrypt", (await RefusedAsync(server.Options with { Servers = $"tls://127.0.0.1:{server.Port}" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstServerGone_NextOneIsUsed()
    {
        await using var server = await NatsServer.StartAsync();

        await AssertWorksAsync(server.Options with { Servers = $"nats://127.0.0.1:{NatsServer.FreePort()}, 127.0.0.1:{server.Port}" });
    }

    [Fact]
    public async Task NoServer_IsNamed()
    {
        var port = NatsServer.FreePort();

        var error = await RefusedAsync(new NatsBrokerOptions { Servers = $"nats://user:secret@127.0.0.1:{port}" });

        Assert.True(error.IsTransient);
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://host:80")]
    [InlineData("nats://host:4222/path")]
    [InlineData("nats://user:secret@")]
    public void MalformedAddress_IsRefused_WithoutItsPassword(string address)
    {
        var error = Assert.Throws<BrokerException>(() => new NatsBroker(new NatsBrokerOptions { Servers = address }, []));

        Assert.False(error.IsTransient);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private async Task AssertWorksAsync(NatsBrokerOptions options)
    {
        await using var session = await BrokerSession.OpenAsync(options, _topic);
        await session.PublishAsync("a");
        await (await NextAsync(await session.SourceAsync())).AcknowledgeAsync(Deadline);
    }

    private async Task<BrokerException> RefusedAsync(NatsBrokerOptions options)
    {
        await using var broker = new NatsBroker(options, [_topic]);
        return await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, Deadline));
    }

    // A certificate for "localhost" that is its own authority.
    private static string WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        var pem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "server.pem"), pem);
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        return pem;
    }
}

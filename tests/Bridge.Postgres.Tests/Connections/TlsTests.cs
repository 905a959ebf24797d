using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bridge.Postgres.Connections;
using Bridge.Postgres.Embedded;
using Bridge.Postgres.Tests.Embedded;
using Npgsql;

namespace Bridge.Postgres.Tests.Connections;

/// <summary>Connections are encrypted and verified as the configuration says, against a real server.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private readonly ServerSandbox _sandbox = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _certificate = "";
    private EmbeddedPostgres? _server;

    // One certificate is its own authority, the server's for "localhost", and the client's.
    public async Task InitializeAsync()
    {
        _certificate = Certificate(_key, "localhost");
        _server = await _sandbox.StartAsync();
        var (certificate, key) = (_sandbox["server.crt"], _sandbox["server.key"]);
        await File.WriteAllTextAsync(certificate, _certificate);
        await File.WriteAllTextAsync(key, _key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        ServerAccount.Current.Give(key);
        foreach (var setting in (string[])[$"ssl_cert_file = '{certificate}'", $"ssl_key_file = '{key}'", $"ssl_ca_file = '{certificate}'", "ssl = on"])
        {
            await ServerSandbox.ScalarAsync(_server, $"alter system set {setting}");
        }

        await ServerSandbox.ScalarAsync(_server, "select pg_reload_conf()");
        await ServerSandbox.UntilAsync(async () => await ServerSandbox.ScalarAsync(_server, "show ssl") is "on");
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose()
    {
        _key.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public async Task Connection_WithAuthority_IsVerified()
    {
        Assert.Equal("t", await TlsAsync("localhost", new ServerTls { Authority = _certificate }));
        Assert.Equal("t", await TlsAsync("localhost", ServerTls.Unsaid));
        Assert.Equal("f", await TlsAsync("localhost", new ServerTls { IsDisabled = true }));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stranger = new ServerTls { Authority = Certificate(other, "localhost") };
        await Assert.ThrowsAsync<NpgsqlException>(() => TlsAsync("localhost", stranger));
        await Assert.ThrowsAsync<NpgsqlException>(() => TlsAsync("localhost", new ServerTls()));
        Assert.Equal("t", await TlsAsync("localhost", new ServerTls { SkipsAuthority = true }));
    }

    [Fact]
    public async Task Connection_ToAnotherName_IsRefusedUnlessNamesDontCount()
    {
        var tls = new ServerTls { Authority = _certificate };

        await Assert.ThrowsAsync<NpgsqlException>(() => TlsAsync(IPAddress.Loopback.ToString(), tls));
        Assert.Equal("t", await TlsAsync(IPAddress.Loopback.ToString(), tls with { SkipsHostname = true }));
    }

    [Fact]
    public async Task Connection_WithAClientCertificate_ShowsIt()
    {
        var tls = new ServerTls { Authority = _certificate, Client = new ClientCertificate(_certificate, _key.ExportPkcs8PrivateKeyPem()) };

        Assert.Equal("/CN=localhost", await ScalarAsync("localhost", tls, "select client_dn from pg_stat_ssl where pid = pg_backend_pid()"));
    }

    private Task<string> TlsAsync(string host, ServerTls tls) =>
        ScalarAsync(host, tls, "select case when ssl then 't' else 'f' end from pg_stat_ssl where pid = pg_backend_pid()");

    private async Task<string> ScalarAsync(string host, ServerTls tls, string sql)
    {
        var address = DatabaseAddress.Of(host, _server!.Port, "postgres", EmbeddedPostgres.User, _server.AddressOf("postgres").Target.Password!, tls);
        await using var source = address.CreateBuilder(target => target.Pooling = false).Build();
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string Certificate(ECDsa key, string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Bridge.Postgres.Connections;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.Tests.Configuration;

/// <summary>What <c>sql_servers</c> says of servers and databases.</summary>
public sealed class SqlServerTests
{
    [Fact]
    public void Read_WholeServer_HasEveryPart()
    {
        var (certificate, key) = NewCertificate();
        var server = Assert.Single(Read(
            $$"""
            { "sql_servers": [{
              "host": "db.example.org:6432",
              "tls_config": { "disabled": false, "ca": {{certificate}}, "client_cert": { "cert": {{certificate}}, "key": { "$env": "KEY" } }, "disable_tls_hostname_verification": true },
              "databases": {
                "shop": { "name": "shop_prod", "username": "u", "password": { "$env": "PASSWORD" }, "min_connections": 2, "max_connections": 50 },
                "plain": { "username": "v", "password": "", "max_connections": 0, "client_cert": { "cert": {{certificate}}, "key": {{key}} } }
              } }] }
            """,
            JsonSerializer.Deserialize<string>(key)!,
            out var problems));

        Assert.Empty(problems);
        Assert.Equal(("db.example.org", 6432, "verify-ca"), (server.Host, server.Port, server.Tls.UriMode));
        Assert.True(server.Tls.Client!.IsUsable);
        var (shop, plain) = (server.Databases["shop"], server.Databases["plain"]);
        Assert.Equal(("shop_prod", "u", "pw", 2, 50), (shop.Name, shop.Username, shop.Password, shop.MinConnections, shop.MaxConnections));
        Assert.Equal(("plain", "v", "", 0, 100), (plain.Name, plain.Username, plain.Password, plain.MinConnections, plain.MaxConnections));
        Assert.NotNull(plain.Client);
        Assert.DoesNotContain("pw", shop.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db", "db", 5432)]
    [InlineData("10.0.0.1:5433", "10.0.0.1", 5433)]
    [InlineData("[::1]", "::1", 5432)]
    [InlineData("[::1]:5433", "::1", 5433)]
    [InlineData("/run/postgresql", "/run/postgresql", 5432)]
    public void Read_Host_HasAPort(string text, string host, int port)
    {
        var server = Assert.Single(Read($$"""{ "sql_servers": [{ "host": "{{text}}", "databases": {} }] }""", "", out var problems));

        Assert.Empty(problems);
        Assert.Equal((host, port, "prefer"), (server.Host, server.Port, server.Tls.UriMode));
    }

    [Theory]
    [InlineData("""{ "disabled": true }""", "disable")]
    [InlineData("""{ "disable_ca_validation": true }""", "require")]
    [InlineData("{}", "verify-full")]
    public void Read_Tls_HasAMode(string tls, string mode) =>
        Assert.Equal(mode, Assert.Single(Read($$"""{ "sql_servers": [{ "host": "db", "tls_config": {{tls}}, "databases": {} }] }""", "", out _)).Tls.UriMode);

    [Fact]
    public void Read_Mistakes_AreAllToldWithTheirPlaces()
    {
        Read(
            """
            { "sql_servers": [
              { "host": "db:x", "tls_config": { "ca": "pem", "client_cert": { "cert": "c", "key": "k" } }, "databases": {
                "shop": { "username": "u", "password": "p", "min_connections": 5, "max_connections": 4 } } },
              { "host": "db", "databases": { "shop": { "username": "u", "password": "p" } } }] }
            """,
            "",
            out var problems);

        Assert.Equal(
            [
                "infra.config.json:2:13: sql_servers[0].host: this must be a host, or a host and its port: db.example.org:5432",
                "infra.config.json:2:43: sql_servers[0].tls_config.ca: this must be certificates in PEM: -----BEGIN CERTIFICATE-----…",
                "infra.config.json:2:65: sql_servers[0].tls_config.client_cert: this must be a certificate and its private key, both in PEM",
                "infra.config.json:3:13: sql_servers[0].databases.shop.min_connections: this must not be more than max_connections, 4",
                "infra.config.json:4:34: sql_servers[1].databases.shop: this database stands on another server already; remove one of the two",
            ],
            problems.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "databases": {} }""", "1: sql_servers[0].host: this key is missing; add it")]
    [InlineData("""{ "host": "db" }""", "1: sql_servers[0].databases: this key is missing; add it")]
    [InlineData("""{ "host": 5432, "databases": {} }""", "11: sql_servers[0].host: this must be a string")]
    [InlineData("""{ "host": "db", "tls_config": "on", "databases": {} }""", "31: sql_servers[0].tls_config: this must be an object")]
    [InlineData("""{ "host": "db", "tls_config": { "disabled": "yes" }, "databases": {} }""", "45: sql_servers[0].tls_config.disabled: this must be true or false")]
    [InlineData("""{ "host": "db", "tls_config": { "client_cert": { "cert": "c" } }, "databases": {} }""", "48: sql_servers[0].tls_config.client_cert.key: this key is missing; add it")]
    [InlineData("""{ "host": "db", "databases": { "shop": { "username": "u" } } }""", "40: sql_servers[0].databases.shop.password: this key is missing; add it")]
    [InlineData("""{ "host": "db", "databases": { "shop": { "max_connection": 5, "username": "u", "password": "p" } } }""", "42: sql_servers[0].databases.shop.max_connection: there is no such key; did you mean max_connections?")]
    [InlineData("""{ "host": "db", "databases": { "shop": { "username": "u", "password": "p", "min_connections": -1 } } }""", "95: sql_servers[0].databases.shop.min_connections: this must be a whole number from 0 on")]
    [InlineData("""{ "host": "db", "databases": { "shop": { "username": "u", "password": { "$env": "NOTHING" } } } }""", "71: sql_servers[0].databases.shop.password: the environment variable NOTHING isn't set; set it, or write the value here")]
    public void Read_OneMistake_IsToldWithItsKeyAndPlace(string server, string problem)
    {
        Read("{ \"sql_servers\": [\n" + server + "\n] }", "", out var problems);

        Assert.Equal("infra.config.json:2:" + problem, Assert.Single(problems));
    }

    [Fact]
    public void Read_KeyOfAnotherCertificate_IsRefused()
    {
        var (certificate, _) = NewCertificate();
        var (_, key) = NewCertificate();

        Read($$"""{ "sql_servers": [{ "host": "db", "tls_config": { "client_cert": { "cert": {{certificate}}, "key": {{key}} } }, "databases": {} }] }""", "", out var problems);

        Assert.EndsWith("client_cert: this must be a certificate and its private key, both in PEM", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db", "postgresql://u:p%40w@db:5432/shop?sslmode=prefer")]
    [InlineData("::1", "postgresql://u:p%40w@[::1]:5432/shop?sslmode=prefer")]
    [InlineData("/run/pg", "postgresql://u:p%40w@/shop?host=%2Frun%2Fpg&port=5432&sslmode=prefer")]
    public void Address_OfADatabase_IsAUri(string host, string uri) =>
        Assert.Equal(uri, DatabaseAddress.Of(host, 5432, "shop", "u", "p@w", ServerTls.Unsaid).Uri);

    private static IReadOnlyList<SqlServerConfig> Read(string json, string key, out List<string> problems)
    {
        problems = [];
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PASSWORD"] = "pw", ["KEY"] = key };
        return InfrastructureReader.Read("infra.config.json", Encoding.UTF8.GetBytes(json), variables.GetValueOrDefault, problems).SqlServers;
    }

    // Both as JSON strings.
    private static (string Certificate, string Key) NewCertificate()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", pair, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (JsonSerializer.Serialize(certificate.ExportCertificatePem()), JsonSerializer.Serialize(pair.ExportPkcs8PrivateKeyPem()));
    }
}

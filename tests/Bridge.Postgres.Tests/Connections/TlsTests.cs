using Bridge.Core.Operations;
using Bridge.Postgres.Connections;
using Bridge.Postgres.Embedded;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Tests.Queries;
using Npgsql;

namespace Bridge.Postgres.Tests.Connections;

/// <summary>Connections are encrypted and verified as the configuration says, those of migrations and those of statements alike.</summary>
public sealed class TlsTests(TlsServer server) : IClassFixture<TlsServer>
{
    private const string Host = "localhost";
    private const string Address = "127.0.0.1";
    private const string IsEncrypted = "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()";

    [Fact]
    public async Task Server_OfTheRightAuthorityAndName_IsVerified() =>
        Assert.Equal("true", await AskAsync(Host, new ServerTls { Authority = server.Authority.Certificate }));

    [Fact]
    public async Task NothingSaid_IsEncryptedUnverified_AndDisabledIsNot()
    {
        Assert.Equal("true", await AskAsync(Address, ServerTls.Unsaid));
        Assert.Equal("false", await AskAsync(Host, new ServerTls { IsDisabled = true, Authority = server.Authority.Certificate }));
        Assert.Equal("false", await AskAsync(Host, ServerTls.Unsaid, to: server.Plain));
    }

    [Fact]
    public async Task Server_OfAnotherAuthority_IsRefused()
    {
        using var stranger = new TestAuthority("authority");

        await RefusedAsync(Host, new ServerTls { Authority = stranger.Certificate });
        await RefusedAsync(Host, new ServerTls());
        await RefusedAsync(Host, new ServerTls { Authority = stranger.Certificate, SkipsHostname = true });
        Assert.Equal("true", await AskAsync(Host, new ServerTls { SkipsAuthority = true }));
    }

    [Fact]
    public async Task Server_OfAnotherName_IsRefused_UnlessNamesDontCount()
    {
        var tls = new ServerTls { Authority = server.Authority.Certificate };

        await RefusedAsync(Address, tls);
        Assert.Equal("true", await AskAsync(Address, tls with { SkipsHostname = true }));
        Assert.Equal("true", await AskAsync(Address, tls with { SkipsAuthority = true }));
    }

    [Fact]
    public async Task Server_ThatCannotEncrypt_IsRefused_WhereThatIsDemanded()
    {
        foreach (var tls in (ServerTls[])[new() { Authority = server.Authority.Certificate }, new() { SkipsAuthority = true }])
        {
            Assert.Contains("SSL", (await RefusedAsync(Host, tls, to: server.Plain)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Client_WithACertificate_IsKnownByIt()
    {
        var tls = new ServerTls { Authority = server.Authority.Certificate, Client = server.Authority.Issue(TlsServer.Certified) };

        Assert.Equal("/CN=certified", await AskAsync(Host, tls, "select client_dn from pg_stat_ssl where pid = pg_backend_pid()", TlsServer.Certified));
    }

    [Fact]
    public async Task Client_WithoutTheRightCertificate_IsRefused()
    {
        using var stranger = new TestAuthority("authority");
        var tls = new ServerTls { Authority = server.Authority.Certificate };

        var without = await RefusedAsync(Host, tls, TlsServer.Certified);
        await RefusedAsync(Host, tls with { Client = server.Authority.Issue("somebody") }, TlsServer.Certified);
        await RefusedAsync(Host, tls with { Client = stranger.Issue(TlsServer.Certified) }, TlsServer.Certified);

        Assert.Equal("28000", without.Code);
        Assert.Contains("connection requires a valid client certificate", without.Message, StringComparison.Ordinal);
    }

    /// <summary>Asks as migrations and as statements do; both have to have the same answer.</summary>
    private async Task<string> AskAsync(string host, ServerTls tls, string sql = IsEncrypted, string user = EmbeddedPostgres.User, EmbeddedPostgres? to = null)
    {
        var address = AddressOf(host, tls, user, to);
        await using var source = address.CreateBuilder(target => target.Pooling = false).Build();
        await using var command = source.CreateCommand(sql);
        var answer = (string)(await command.ExecuteScalarAsync())!;
        await using var client = ClientOf(address);
        Assert.Equal(SqlClient.Quote(answer), await client.ValueAsync(sql));
        return answer;
    }

    /// <summary>Both are refused. What statements end with says which database and where.</summary>
    private async Task<OperationException> RefusedAsync(string host, ServerTls tls, string user = EmbeddedPostgres.User, EmbeddedPostgres? to = null)
    {
        var address = AddressOf(host, tls, user, to);
        await using var source = address.CreateBuilder(target => target.Pooling = false).Build();
        await using var command = source.CreateCommand(IsEncrypted);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => command.ExecuteScalarAsync());
        await using var client = ClientOf(address);
        var error = await SqlClient.FailAsync(() => client.ValueAsync(IsEncrypted));
        Assert.StartsWith($"can't connect to the database db at {host}:{(to ?? server.Encrypted).Port}: ", error.Message, StringComparison.Ordinal);
        return error;
    }

    private DatabaseAddress AddressOf(string host, ServerTls tls, string user, EmbeddedPostgres? to)
    {
        var target = to ?? server.Encrypted;
        return DatabaseAddress.Of(host, target.Port, "postgres", user, target.AddressOf("postgres").Target.Password!, tls);
    }

    private static SqlClient ClientOf(DatabaseAddress address) => new(new SqlDatabaseOptions
    {
        Name = "db",
        ConnectionString = address.Target.ConnectionString,
        Configure = address.Protect,
        Uri = address.Uri,
    });
}

using Bridge.Postgres.Embedded;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>A server starts, keeps what it was given, and ends with its last user.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly ServerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_Again_KeepsDataAndPort(bool debian)
    {
        int port;
        await using (var server = await StartAsync(debian))
        {
            port = server.Port;
            await server.EnsureDatabaseAsync("my \"shop\"", default);
            await server.EnsureDatabaseAsync("my \"shop\"", default);
            await ServerSandbox.ScalarAsync(server, "create table kept (n int); insert into kept values (7)", "my \"shop\"");
            Assert.False(server.HasJoined);
        }

        await using var again = await StartAsync(debian);

        Assert.Equal(port, again.Port);
        Assert.Equal(7, await ServerSandbox.ScalarAsync(again, "select n from kept", "my \"shop\""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_KnowsUnicode_SyncsAndListensHereOnly(bool debian)
    {
        var options = _sandbox.Options() with { IsDurable = true, Programs = debian ? ServerSandbox.Debian : null };
        await using var server = await EmbeddedPostgres.StartAsync(options, default);

        Assert.Equal("UTF8", await ServerSandbox.ScalarAsync(server, "show server_encoding"));
        Assert.Equal("ä", await ServerSandbox.ScalarAsync(server, "select lower('Ä')"));
        Assert.Equal(2, await ServerSandbox.ScalarAsync(server, "select length(to_tsvector('simple', 'größe über'))"));
        Assert.Equal("on", await ServerSandbox.ScalarAsync(server, "show fsync"));
        Assert.Equal("127.0.0.1", await ServerSandbox.ScalarAsync(server, "show listen_addresses"));
        Assert.Equal(debian ? 15 : 18, (int)(await ServerSandbox.ScalarAsync(server, "select current_setting('server_version_num')::int / 10000"))!);
    }

    [Fact]
    public async Task Users_OfOneApplication_ShareTheServerUntilTheLastLeaves()
    {
        var first = await _sandbox.StartAsync();
        await using var second = await _sandbox.StartAsync();
        var process = ServerSandbox.ProcessOf(first);
        await first.DisposeAsync();

        Assert.True(second.HasJoined);
        Assert.Equal(first.Port, second.Port);
        Assert.Equal(1, await ServerSandbox.ScalarAsync(second, "select 1"));
        Assert.Equal(process, ServerSandbox.ProcessOf(second));
        await second.DisposeAsync();
        Assert.False(new ServerFolder(first.Folder).IsServerAlive());
    }

    [Fact]
    public async Task Users_ThatComeTogether_StartOneServer()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => _sandbox.StartAsync())));

        Assert.Single(servers.Select(server => server.Port).Distinct());
        Assert.Single(servers, server => !server.HasJoined);
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        Assert.False(new ServerFolder(servers[0].Folder).IsServerAlive());
    }

    [Fact]
    public async Task Applications_SideBySide_HaveServersOfTheirOwn()
    {
        await using var one = await _sandbox.StartAsync("one");
        await using var two = await _sandbox.StartAsync("two");
        await one.EnsureDatabaseAsync("shop", default);

        Assert.NotEqual(one.Port, two.Port);
        Assert.Equal(0L, await ServerSandbox.ScalarAsync(two, "select count(*) from pg_database where datname = 'shop'"));
    }

    [Fact]
    public async Task Initialization_CutShort_IsBegunAnew()
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.FolderOf("app"), "data.new", "base"));

        await using var server = await _sandbox.StartAsync();

        Assert.Equal(1, await ServerSandbox.ScalarAsync(server, "select 1"));
    }

    [Fact]
    public async Task Port_TakenMeanwhile_IsReplaced()
    {
        int port;
        await using (var server = await _sandbox.StartAsync())
        {
            port = server.Port;
        }

        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();
        await using var again = await _sandbox.StartAsync();

        Assert.NotEqual(port, again.Port);
    }

    private Task<EmbeddedPostgres> StartAsync(bool debian) => debian ? _sandbox.StartAsync(ServerSandbox.Debian) : _sandbox.StartAsync();
}

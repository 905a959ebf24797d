using System.Diagnostics;
using Bridge.Postgres.Embedded;
using Npgsql;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>A server starts, keeps what it was given, and ends with its last user.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly ServerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Start_Again_KeepsDataAndPort()
    {
        int port;
        await using (var server = await StartAsync())
        {
            port = server.Port;
            await server.EnsureDatabaseAsync("shop", default);
            await server.EnsureDatabaseAsync("shop", default);
            await ExecuteAsync(server, "create table kept (n int); insert into kept values (7)");
        }

        var clock = Stopwatch.StartNew();
        await using var again = await StartAsync();
        Console.WriteLine($"restart {clock.ElapsedMilliseconds} ms");

        Assert.Equal(port, again.Port);
        Assert.Equal(7, await ScalarAsync(again, "select n from kept"));
    }

    private Task<EmbeddedPostgres> StartAsync(string application = "app") => EmbeddedPostgres.StartAsync(_sandbox.Options(application), default);

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionTo("shop"));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionTo("shop"));
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

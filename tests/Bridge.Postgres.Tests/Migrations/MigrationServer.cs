using System.Globalization;
using Bridge.Postgres.Embedded;
using Bridge.Postgres.Tests.Embedded;
using Npgsql;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>One server for all tests of migrations; each test has a database of its own.</summary>
public sealed class MigrationServer : IAsyncLifetime, IDisposable
{
    private readonly ServerSandbox _sandbox = new();
    private EmbeddedPostgres? _server;
    private int _databases;

    public async Task InitializeAsync() => _server = await EmbeddedPostgres.StartAsync(_sandbox.Options(), default);

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose() => _sandbox.Dispose();

    public async Task<string> CreateDatabaseAsync()
    {
        var name = "db-" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await _server!.EnsureDatabaseAsync(name, default);
        return name;
    }

    public NpgsqlDataSource Connect(string database)
    {
        var target = _server!.AddressOf(database).Target;
        target.Pooling = false;
        target.IncludeErrorDetail = true;
        return NpgsqlDataSource.Create(target);
    }
}

[CollectionDefinition(Name)]
public sealed class MigrationServerCollection : ICollectionFixture<MigrationServer>
{
    public const string Name = "migrations";
}

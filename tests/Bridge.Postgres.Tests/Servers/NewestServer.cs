using Bridge.Postgres.Embedded;
using Bridge.Postgres.Tests.Embedded;

namespace Bridge.Postgres.Tests.Servers;

/// <summary>The PostgreSQL 18 that comes with the host, one for all tests that want it.</summary>
public sealed class NewestServer : IDatabaseServer, IAsyncLifetime, IDisposable
{
    private readonly ServerSandbox _sandbox = new();
    private EmbeddedPostgres? _server;

    public async Task InitializeAsync()
    {
        _server = await _sandbox.StartAsync();
        Assert.StartsWith("18.", (string)(await ServerSandbox.ScalarAsync(_server, "SHOW server_version"))!, StringComparison.Ordinal);
    }

    public async Task<string> CreateDatabaseAsync(string name)
    {
        await _server!.EnsureDatabaseAsync(name, default);
        return _server.AddressOf(name).Target.ConnectionString;
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose() => _sandbox.Dispose();
}

[CollectionDefinition(Name)]
public sealed class NewestServerCollection : ICollectionFixture<NewestServer>
{
    public const string Name = "newest server";
}

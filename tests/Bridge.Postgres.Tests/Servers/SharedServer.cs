namespace Bridge.Postgres.Tests.Servers;

/// <summary>Debian's PostgreSQL, one for all tests; each class has a database of its own.</summary>
public sealed class SharedServer : IDatabaseServer, IAsyncLifetime
{
    public const string Binaries = "/usr/lib/postgresql/15/bin";

    private PostgresServer? _server;

    public PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync(Binaries);

    public Task<string> CreateDatabaseAsync(string name) => Server.CreateDatabaseAsync(name);

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedServerCollection : ICollectionFixture<SharedServer>
{
    public const string Name = "shared server";
}

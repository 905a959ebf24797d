using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>A test with a database of its own.</summary>
public abstract class ServerTest(IDatabaseServer server) : IAsyncLifetime
{
    private SqlClient? _client;

    protected string ConnectionString { get; private set; } = "";

    private protected SqlClient Client => _client!;

    public virtual async Task InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync("t" + Guid.NewGuid().ToString("N"));
        _client = SqlClient.To(ConnectionString);
    }

    public virtual async Task DisposeAsync() => await Client.DisposeAsync();
}

/// <summary>A test with a database of its own on the shared server.</summary>
[Collection(SharedServerCollection.Name)]
public abstract class DatabaseTest(SharedServer shared) : ServerTest(shared)
{
    protected SharedServer Shared { get; } = shared;
}

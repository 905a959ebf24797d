using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A database that statements run on.</summary>
public sealed record SqlDatabaseOptions
{
    /// <summary>Its name, as the application declares it.</summary>
    public required string Name { get; init; }

    /// <summary>How to reach it, as Npgsql takes it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Adds to the driver's data source what no connection string says, such as certificates; null for nothing.</summary>
    public Action<NpgsqlSlimDataSourceBuilder>? Configure { get; init; }

    /// <summary>How other programs reach it: <c>postgresql://user:password@host:port/database</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>Connections that are kept when nothing happens. Default: none.</summary>
    public int MinConnections { get; init; }

    /// <summary>Connections at most that statements and transactions share. Default: 20.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>How long an operation waits for a connection before it fails. Default: 30 s.</summary>
    public TimeSpan PoolTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server may take to take up a connection. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long without use a connection is closed. Default: 5 min.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Statements a connection keeps prepared. Default: 256; 0 for none, which poolers between host and server may need that hand connections
    /// to others between transactions.
    /// </summary>
    public int MaxPreparedStatements { get; init; } = 256;

    /// <summary>
    /// Rows of a cursor, in bytes, that are kept in memory at most when another statement of its session needs the connection. Default: 64 MiB.
    /// </summary>
    public int MaxBufferedCursorBytes { get; init; } = 64 * 1024 * 1024;
}

/// <summary>What concerns all databases.</summary>
public sealed record SqlOperationsOptions
{
    /// <summary>Told of every statement; null for nobody.</summary>
    public ISqlObserver? Observer { get; init; }

    /// <summary>From which duration on a statement counts as slow. Default: 1 s.</summary>
    public TimeSpan SlowStatement { get; init; } = TimeSpan.FromSeconds(1);
}

using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>A PostgreSQL database that carries topics.</summary>
public sealed record PostgresBrokerOptions
{
    /// <summary>How to reach it, as Npgsql takes it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Adds to the driver's data source what no connection string says, such as certificates; null for nothing.</summary>
    public Action<NpgsqlSlimDataSourceBuilder>? Configure { get; init; }

    /// <summary>The schema of the broker's tables, at most 63 bytes. Topics of different schemas know nothing of each other.</summary>
    public string Schema { get; init; } = "encore_pubsub";

    /// <summary>Connections at most, 4 or more: one publishes, one listens, the others receive and settle. Default: 20.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>How long the server may take to take up a connection. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a subscription without messages looks for some that nobody told it of. Default: 5 s. Poolers that hand connections to others
    /// between transactions carry no notifications: there it is how long messages wait.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long dead letters are kept; null, the default, until they are replayed or purged.</summary>
    public TimeSpan? DeadLetterRetention { get; init; }
}

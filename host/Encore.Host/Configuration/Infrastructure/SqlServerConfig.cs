using Bridge.Postgres.Connections;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>A PostgreSQL server with databases of the application's.</summary>
/// <param name="Host">A name or address, or the folder of a Unix socket.</param>
/// <param name="Port">The port.</param>
/// <param name="Tls">How connections are protected.</param>
/// <param name="Databases">Its databases, by the names that the application declares.</param>
public sealed record SqlServerConfig(string Host, int Port, ServerTls Tls, IReadOnlyDictionary<string, SqlDatabaseConfig> Databases);

/// <summary>A database on a server.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Username">Who connects.</param>
/// <param name="Password">That user's password; never printed.</param>
public sealed record SqlDatabaseConfig(string Name, string Username, string Password)
{
    /// <summary>The connections of a pool where nothing is said.</summary>
    public const int DefaultMaxConnections = 100;

    /// <summary>How many connections are kept open at least.</summary>
    public int MinConnections { get; init; }

    /// <summary>How many there may be at most.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>What this side proves itself by, over the server's; null for the server's.</summary>
    public ClientCertificate? Client { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Username}@{Name}";
}

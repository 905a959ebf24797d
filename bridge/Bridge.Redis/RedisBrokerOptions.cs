using System.Security.Cryptography.X509Certificates;

namespace Bridge.Redis;

/// <summary>A Redis server that carries topics in streams; 6.2 or newer, or what speaks like it.</summary>
public sealed record RedisBrokerOptions
{
    /// <summary>Its name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 6379;

    /// <summary>The user; null for the default one.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>The database's number.</summary>
    public int Database { get; init; }

    /// <summary>What all keys begin with.</summary>
    public string Prefix { get; init; } = "encore:";

    /// <summary>How the connection is protected; null for not at all.</summary>
    public RedisTls? Tls { get; init; }

    /// <summary>How safely the server has to keep messages. Default: <see cref="RedisDurability.EverySecond"/>.</summary>
    public RedisDurability Durability { get; init; } = RedisDurability.EverySecond;

    /// <summary>How many replicas must have a message before publishing succeeds (WAIT). Default: none.</summary>
    public int Replicas { get; init; }

    /// <summary>How long replicas may take. Default: 5 s.</summary>
    public TimeSpan ReplicaTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may take to take up a connection or to answer. Default: 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a subscription without messages looks for some that nobody told it of. Default: 2 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How a connection to Redis is protected.</summary>
/// <param name="Authority">Who has to have issued the server's certificate; null for those that the system trusts.</param>
/// <param name="Client">What this process shows the server; null for nothing.</param>
/// <param name="ServerName">The name in the server's certificate; null for the host's.</param>
public sealed record RedisTls(X509Certificate2? Authority = null, X509Certificate2? Client = null, string? ServerName = null);

/// <summary>What a crash of the server may cost. Looked at when topics are prepared, as far as the server tells (CONFIG).</summary>
public enum RedisDurability
{
    /// <summary>All that is outstanding: the server may keep everything in memory.</summary>
    None,

    /// <summary>What was published and settled in the last second: the server has to have <c>appendonly yes</c>.</summary>
    EverySecond,

    /// <summary>Nothing: the server has to have <c>appendonly yes</c> and <c>appendfsync always</c>.</summary>
    Always,
}

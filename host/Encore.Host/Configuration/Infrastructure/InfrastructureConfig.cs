using System.Text.Json.Nodes;
using Encore.Host.Logging;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>What <c>infra.config.json</c> says; without a file, nothing.</summary>
public sealed record InfrastructureConfig
{
    /// <summary>Without a file.</summary>
    public static InfrastructureConfig Empty { get; } = new();

    /// <summary>What the application and its environment are called.</summary>
    public MetadataConfig Metadata { get; init; } = new();

    /// <summary>How long a shutdown may take.</summary>
    public GracefulShutdownConfig GracefulShutdown { get; init; } = new();

    /// <summary>How services prove to each other who they are; empty for not at all.</summary>
    public IReadOnlyList<AuthKey> Auth { get; init; } = [];

    /// <summary>Where services are that run elsewhere, by name.</summary>
    public IReadOnlyDictionary<string, ServiceLocation> ServiceDiscovery { get; init; } = new Dictionary<string, ServiceLocation>();

    /// <summary>Secrets by name.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The services that this process runs; null for all.</summary>
    public IReadOnlyList<string>? HostedServices { get; init; }

    /// <summary>The gateways that this process runs; null for all.</summary>
    public IReadOnlyList<string>? HostedGateways { get; init; }

    /// <summary>Which pages of other origins may call; null where the file doesn't say.</summary>
    public CorsConfig? Cors { get; init; }

    /// <summary>How long a handler may take; null where the file doesn't say, infinite for 0.</summary>
    public TimeSpan? HandlerTimeout { get; init; }

    /// <summary>The lowest severity that is logged; null where the file doesn't say.</summary>
    public LogSeverity? LogThreshold { get; init; }

    /// <summary>How the HTTP server works.</summary>
    public HttpConfig Http { get; init; } = new();

    /// <summary>Whether this process runs cron jobs.</summary>
    public bool RunsCronJobs { get; init; } = true;

    /// <summary>Whether this process handles messages, and publishes those of transactions. What it is asked to publish it always does.</summary>
    public bool HandlesMessages { get; init; } = true;

    /// <summary>The servers that databases are on; a database that isn't named there is embedded if none is.</summary>
    public IReadOnlyList<SqlServerConfig> SqlServers { get; init; } = [];

    /// <summary>The brokers that topics are on; where there are none, all topics are embedded.</summary>
    public IReadOnlyList<BrokerConfig> Brokers { get; init; } = [];

    /// <summary>Sections that are checked, and read where they are used: <c>metrics</c>, <c>redis</c> and so on, variables replaced.</summary>
    public IReadOnlyDictionary<string, JsonNode> Sections { get; init; } = new Dictionary<string, JsonNode>();
}

/// <summary>What the application and its environment are called; null where the file doesn't say.</summary>
public sealed record MetadataConfig
{
    /// <summary>The application's id.</summary>
    public string? AppId { get; init; }

    /// <summary>The environment's name.</summary>
    public string? EnvName { get; init; }

    /// <summary>production, development, ephemeral or test.</summary>
    public string? EnvType { get; init; }

    /// <summary>aws, gcp, azure, encore or local.</summary>
    public string? Cloud { get; init; }

    /// <summary>Where clients reach the application.</summary>
    public string? BaseUrl { get; init; }
}

/// <summary>How long a shutdown may take; null where the file doesn't say.</summary>
public sealed record GracefulShutdownConfig
{
    /// <summary>All of it.</summary>
    public TimeSpan? Total { get; init; }

    /// <summary>What the application's own hooks get of it.</summary>
    public TimeSpan? ShutdownHooks { get; init; }

    /// <summary>What running requests get of it.</summary>
    public TimeSpan? Handlers { get; init; }
}

/// <summary>A key that services share.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Key">The secret itself; never printed.</param>
public sealed record AuthKey(int Id, string Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"key {Id}";
}

/// <summary>Where a service is.</summary>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Auth">The keys that it takes.</param>
public sealed record ServiceLocation(string BaseUrl, IReadOnlyList<AuthKey> Auth);

/// <summary>Which pages of other origins may call.</summary>
public sealed record CorsConfig
{
    /// <summary>Whether the log says why an origin was refused.</summary>
    public bool Debug { get; init; }

    /// <summary>Request headers allowed besides those that are always and those in schemas.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Answer headers exposed besides those that are always.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>Origins that may call without credentials; null for all.</summary>
    public IReadOnlyList<string>? AllowOriginsWithoutCredentials { get; init; }

    /// <summary>Origins that may call with credentials; null where the file doesn't say.</summary>
    public IReadOnlyList<string>? AllowOriginsWithCredentials { get; init; }
}

/// <summary>How the HTTP server works.</summary>
public sealed record HttpConfig
{
    /// <summary>Whether clients that know it may speak HTTP/2 without TLS.</summary>
    public bool H2c { get; init; } = true;

    /// <summary>The certificate; null for no TLS.</summary>
    public TlsConfig? Tls { get; init; }

    /// <summary>How answers are compressed.</summary>
    public CompressionConfig Compression { get; init; } = new();
}

/// <summary>The server's certificate.</summary>
/// <param name="CertificateFile">A PEM file: the certificate, then those that it rests on.</param>
/// <param name="KeyFile">A PEM file with its private key.</param>
public sealed record TlsConfig(string CertificateFile, string KeyFile);

/// <summary>How answers are compressed.</summary>
public sealed record CompressionConfig
{
    /// <summary>Below this a compressed answer fills as many packets as a plain one, and costs more time than it saves.</summary>
    public const int DefaultMinBytes = 1024;

    /// <summary>Whether answers are compressed for clients that ask.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Shorter bodies are sent as they are; in bytes.</summary>
    public int MinBytes { get; init; } = DefaultMinBytes;
}

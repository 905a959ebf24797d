using System.Globalization;
using System.Text.Json.Nodes;
using Encore.Host.Logging;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>Reads <c>infra.config.json</c>.</summary>
public static class InfrastructureReader
{
    /// <summary>The variable that names the file.</summary>
    public const string PathVariable = "ENCORE_INFRA_CONFIG_PATH";

    private const string Flag = "--infra-config";

    private static readonly string[] KeptSections = ["metrics", "redis", "object_storage", "worker_threads", "tracing"];

    /// <summary>Reads the file that the flag or ENCORE_INFRA_CONFIG_PATH names.</summary>
    /// <param name="path">The flag's value, if given.</param>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    /// <param name="problems">Receives a line for each mistake; what is returned is of no use unless it stays empty.</param>
    public static InfrastructureConfig Load(string? path, Func<string, string?> variables, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(problems);
        var source = path is null ? PathVariable : Flag;
        path ??= variables(PathVariable);
        if (string.IsNullOrEmpty(path))
        {
            return InfrastructureConfig.Empty;
        }

        try
        {
            return Read(path, File.ReadAllBytes(path), variables, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{source}: {path} can't be read: {error.Message}");
            return InfrastructureConfig.Empty;
        }
    }

    /// <summary>Reads a file's content.</summary>
    /// <param name="file">How messages name it; certificates it names are relative to its folder.</param>
    /// <param name="content">The content.</param>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    /// <param name="problems">Receives a line for each mistake; what is returned is of no use unless it stays empty.</param>
    public static InfrastructureConfig Read(string file, byte[] content, Func<string, string?> variables, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(file);
        var found = new ConfigProblems(file, content, problems);
        if (ConfigParser.Parse(content, found) is not { } root)
        {
            return InfrastructureConfig.Empty;
        }

        InfrastructureShape.Root.Check(root, new ConfigCheck(found, variables));
        var threshold = root["log_config"] is { Kind: ConfigKind.Text } level ? ReadThreshold(level, found) : null;
        var servers = found.Count == 0 ? new SqlServerReader(found).Read(root["sql_servers"]) : [];
        var brokers = found.Count == 0 ? new PubSubReader(found).Read(root["pubsub"]) : [];
        return found.Count == 0 ? Bind(root, threshold, servers, brokers, Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/") : InfrastructureConfig.Empty;
    }

    private static InfrastructureConfig Bind(ConfigNode root, LogSeverity? threshold, IReadOnlyList<SqlServerConfig> servers, IReadOnlyList<BrokerConfig> brokers, string folder) => new()
    {
        SqlServers = servers,
        Brokers = brokers,
        Metadata = BindMetadata(root["metadata"]),
        GracefulShutdown = new GracefulShutdownConfig
        {
            Total = Seconds(root["graceful_shutdown"]?["total"]),
            ShutdownHooks = Seconds(root["graceful_shutdown"]?["shutdown_hooks"]),
            Handlers = Seconds(root["graceful_shutdown"]?["handlers"]),
        },
        Auth = Keys(root["auth"]),
        ServiceDiscovery = (root["service_discovery"]?.Members ?? []).ToDictionary(
            member => member.Name,
            member => new ServiceLocation(member.Value["base_url"]!.Text, Keys(member.Value["auth"] ?? root["auth"])),
            StringComparer.Ordinal),
        Secrets = (root["secrets"]?.Members ?? []).ToDictionary(member => member.Name, member => member.Value.Text, StringComparer.Ordinal),
        HostedServices = Texts(root["hosted_services"]),
        HostedGateways = Texts(root["hosted_gateways"]),
        Cors = root["cors"] is { } cors ? BindCors(cors) : null,
        HandlerTimeout = Seconds(root["limits"]?["handler_timeout_seconds"]) is { } limit ? (limit == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : limit) : null,
        LogThreshold = threshold,
        Http = BindHttp(root["http"], folder),
        RunsCronJobs = IsOn(root["cron"]?["enabled"], otherwise: true),
        Sections = BindSections(root),
    };

    private static MetadataConfig BindMetadata(ConfigNode? metadata) => new()
    {
        AppId = metadata?["app_id"]?.Text,
        EnvName = metadata?["env_name"]?.Text,
        EnvType = metadata?["env_type"]?.Text,
        Cloud = metadata?["cloud"]?.Text,
        BaseUrl = metadata?["base_url"]?.Text,
    };

    private static CorsConfig BindCors(ConfigNode cors) => new()
    {
        Debug = IsOn(cors["debug"], otherwise: false),
        AllowHeaders = Texts(cors["allow_headers"]) ?? [],
        ExposeHeaders = Texts(cors["expose_headers"]) ?? [],
        AllowOriginsWithoutCredentials = Texts(cors["allow_origins_without_credentials"]),
        AllowOriginsWithCredentials = Texts(cors["allow_origins_with_credentials"]),
    };

    private static HttpConfig BindHttp(ConfigNode? http, string folder) => new()
    {
        H2c = IsOn(http?["h2c"], otherwise: true),
        Tls = http?["tls"] is { } tls ? new TlsConfig(Path.Combine(folder, tls["cert"]!.Text), Path.Combine(folder, tls["key"]!.Text)) : null,
        Compression = new CompressionConfig
        {
            Enabled = IsOn(http?["compression"]?["enabled"], otherwise: true),
            MinBytes = http?["compression"]?["min_bytes"] is { } least
                ? int.Parse(least.Text, CultureInfo.InvariantCulture)
                : CompressionConfig.DefaultMinBytes,
        },
    };

    private static Dictionary<string, JsonNode> BindSections(ConfigNode root)
    {
        var sections = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var name in KeptSections)
        {
            if (root[name]?.ToJson() is { } section)
            {
                sections.Add(name, section);
            }
        }

        return sections;
    }

    // As Rust's env_logger has it: `info`, or `encore=debug,info`; without a target it is for all, and of those the last counts.
    private static LogSeverity? ReadThreshold(ConfigNode node, ConfigProblems problems)
    {
        LogSeverity? threshold = null;
        foreach (var directive in node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var level = directive[(directive.LastIndexOf('=') + 1)..];
            if (LogSeverities.Parse(level) is not { } severity)
            {
                problems.Add(node.Offset, node.Path, $"'{level}' is not one of trace, debug, info, warn, error, off");
            }
            else if (!directive.Contains('=', StringComparison.Ordinal))
            {
                threshold = severity;
            }
        }

        return threshold;
    }

    private static AuthKey[] Keys(ConfigNode? node) =>
        [.. (node?.Elements ?? []).Select(key => new AuthKey(int.Parse(key["id"]!.Text, CultureInfo.InvariantCulture), key["key"]!.Text))];

    private static string[]? Texts(ConfigNode? node) => node is null ? null : [.. node.Elements.Select(element => element.Text)];

    private static bool IsOn(ConfigNode? node, bool otherwise) => node is null ? otherwise : node.Text == "true";

    private static TimeSpan? Seconds(ConfigNode? node) =>
        node is null ? null : TimeSpan.FromSeconds(double.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
}

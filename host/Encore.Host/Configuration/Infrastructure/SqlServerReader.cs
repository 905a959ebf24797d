using System.Globalization;
using Bridge.Postgres.Connections;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>Reads <c>sql_servers</c>, whose form has been checked.</summary>
/// <param name="problems">Receives what is wrong besides the form.</param>
internal sealed class SqlServerReader(ConfigProblems problems)
{
    private const int DefaultPort = 5432;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The servers.</summary>
    public IReadOnlyList<SqlServerConfig> Read(ConfigNode? section) => [.. (section?.Elements ?? []).Select(ReadServer)];

    private SqlServerConfig ReadServer(ConfigNode server)
    {
        var (host, port) = ReadHost(server["host"]!);
        var databases = new Dictionary<string, SqlDatabaseConfig>(StringComparer.Ordinal);
        foreach (var member in server["databases"]!.Members)
        {
            if (!_names.Add(member.Name))
            {
                problems.Add(member.Offset, member.Value.Path, "this database stands on another server already; remove one of the two");
            }

            databases[member.Name] = ReadDatabase(member.Name, member.Value);
        }

        return new SqlServerConfig(host, port, server["tls_config"] is { } tls ? ReadTls(tls) : ServerTls.Unsaid, databases);
    }

    private HostAndPort ReadHost(ConfigNode node)
    {
        if (HostAndPort.Parse(node.Text, DefaultPort) is { } address)
        {
            return address;
        }

        problems.Add(node.Offset, node.Path, "this must be a host, or a host and its port: db.example.org:5432");
        return default;
    }

    private ServerTls ReadTls(ConfigNode tls)
    {
        if (tls["ca"] is { } authority && !ServerTls.HasCertificates(authority.Text))
        {
            problems.Add(authority.Offset, authority.Path, "this must be certificates in PEM: -----BEGIN CERTIFICATE-----…");
        }

        return new ServerTls
        {
            IsDisabled = IsOn(tls["disabled"]),
            Authority = tls["ca"]?.Text,
            Client = ReadClient(tls["client_cert"]),
            SkipsHostname = IsOn(tls["disable_tls_hostname_verification"]),
            SkipsAuthority = IsOn(tls["disable_ca_validation"]),
        };
    }

    private ClientCertificate? ReadClient(ConfigNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var client = new ClientCertificate(node["cert"]!.Text, node["key"]!.Text);
        if (!client.IsUsable)
        {
            problems.Add(node.Offset, node.Path, "this must be a certificate and its private key, both in PEM");
        }

        return client;
    }

    private SqlDatabaseConfig ReadDatabase(string name, ConfigNode node)
    {
        var config = new SqlDatabaseConfig(node["name"]?.Text ?? name, node["username"]!.Text, node["password"]!.Text)
        {
            MinConnections = Number(node["min_connections"]) ?? 0,
            MaxConnections = Number(node["max_connections"]) is { } most and > 0 ? most : SqlDatabaseConfig.DefaultMaxConnections,
            Client = ReadClient(node["client_cert"]),
        };
        if (config.MinConnections > config.MaxConnections)
        {
            problems.Add(node.Offset, node.PathOf("min_connections"), string.Create(CultureInfo.InvariantCulture, $"this must not be more than max_connections, {config.MaxConnections}"));
        }

        return config;
    }

    private static int? Number(ConfigNode? node) => node is null ? null : int.Parse(node.Text, CultureInfo.InvariantCulture);

    private static bool IsOn(ConfigNode? node) => node?.Text == "true";
}

using Bridge.Postgres.Values;
using Npgsql;

// Justification: RawText.cs says why.
#pragma warning disable NPG9001

namespace Bridge.Postgres.Queries;

/// <summary>Makes the driver's data sources.</summary>
internal static class DataSources
{
    // What texts of values depend on. As options of the connection they outlast RESET ALL.
    private const string Settings =
        "-c DateStyle=ISO -c TimeZone=UTC -c IntervalStyle=iso_8601 -c bytea_output=hex -c extra_float_digits=1 -c lc_monetary=C";

    // Beyond the pool: one that listens, one that reads types, and those that are being closed while others open.
    private const int OwnConnections = 6;

    /// <summary>With which run on a connection the driver prepares a statement.</summary>
    internal const int PrepareAfterUses = 2;

    /// <summary>Makes a database's data source; nothing is connected yet.</summary>
    internal static NpgsqlDataSource Create(SqlDatabaseOptions options) => Create(options, Settings, isPooling: true);

    /// <summary>Makes one for connections whose every transaction may only read, each for one use.</summary>
    internal static NpgsqlDataSource CreateForLane(SqlDatabaseOptions options) =>
        Create(options, $"{Settings} -c default_transaction_read_only=on", isPooling: false);

    private static NpgsqlDataSource Create(SqlDatabaseOptions options, string sessionSettings, bool isPooling)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(options.ConnectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.Options = string.IsNullOrEmpty(settings.Options) ? sessionSettings : $"{settings.Options} {sessionSettings}";
        settings.ApplicationName ??= "encore-host";
        settings.ClientEncoding = "UTF8";
        settings.Pooling = isPooling;

        // The application is who they are for; what the log shows of them it decides itself.
        settings.IncludeErrorDetail = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = options.MaxConnections + OwnConnections;
        settings.MaxAutoPrepare = options.MaxPreparedStatements;
        settings.AutoPrepareMinUsages = PrepareAfterUses;

        // Statements have deadlines of their own; a server that has vanished is noticed by the system's probes.
        settings.CommandTimeout = 0;
        settings.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        if (settings.Host is not ['/', ..])
        {
            // A Unix socket has none, and needs none.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 30;
            settings.TcpKeepAliveInterval = 5;
        }

        builder.EnableTransportSecurity();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        builder.AddTypeInfoResolverFactory(new RawTextFactory());
        options.Configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Host and port, for messages.</summary>
    internal static string Place(SqlDatabaseOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"{settings.Host}:{settings.Port}";
    }
}

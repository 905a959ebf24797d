using Bridge.Postgres.Queries;
using Encore.Host.Logging;

namespace Encore.Host.Databases;

/// <summary>What an application's code can ask of its databases.</summary>
internal static class DatabaseOperations
{
    /// <summary>Prepares the operations; nothing is connected before the first is used.</summary>
    /// <param name="databases">The application's databases.</param>
    /// <param name="log">Told of slow statements.</param>
    public static SqlOperations Create(ApplicationDatabases databases, LogSink log) => new(
        databases.All.ToDictionary(database => database.Name, OptionsOf, StringComparer.Ordinal),
        new SqlOperationsOptions { Observer = new SlowStatementLog(log) });

    /// <summary>How statements reach a database.</summary>
    public static SqlDatabaseOptions OptionsOf(ResolvedDatabase database)
    {
        var defaults = new SqlDatabaseOptions { Name = database.Name, ConnectionString = "", Uri = "" };
        var target = database.Address.Target;
        return defaults with
        {
            ConnectionString = database.ConnectionString,
            Configure = database.Address.Protect,
            Uri = database.Uri,
            MinConnections = target.MinPoolSize,
            MaxConnections = database.IsEmbedded || target.MaxPoolSize <= 0 ? defaults.MaxConnections : target.MaxPoolSize,
        };
    }
}

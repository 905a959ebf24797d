using Bridge.Core.Schema;
using Bridge.Postgres.Connections;
using Bridge.Postgres.Embedded;
using Encore.Host.Artifacts;
using Encore.Host.Commands;
using Encore.Host.Compiler;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Diagnostics;

namespace Encore.Host.Databases;

/// <summary>
/// The databases of an application: on the servers that the infrastructure's configuration names, or where that names none, on a server of
/// the application's own, which runs while this object lives.
/// </summary>
internal sealed class ApplicationDatabases : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _server;

    private ApplicationDatabases(IReadOnlyList<ResolvedDatabase> all, EmbeddedPostgres? server)
    {
        All = all;
        _server = server;
    }

    /// <summary>Of an application that needs none now.</summary>
    public static ApplicationDatabases None { get; } = new([], server: null);

    /// <summary>All of them, as the application orders them.</summary>
    public IReadOnlyList<ResolvedDatabase> All { get; }

    /// <summary>Whether the application's own server ran before this process came, and will run on.</summary>
    public bool IsServedByOthers => _server is null or { HasJoined: true };

    /// <summary>The application's own server's folder.</summary>
    public static string FolderOf(LoadedApplication application) => Path.Combine(application.Root, ".encore", "postgres");

    /// <summary>Finds the databases, starts the server if one of them needs it, and makes those that don't exist. Doesn't migrate.</summary>
    /// <exception cref="DatabaseException">A database isn't configured, or there is no server for it.</exception>
    public static async Task<ApplicationDatabases> OpenAsync(
        LoadedApplication application, InfrastructureConfig infrastructure, DatabaseNotices notices, CancellationToken cancellation)
    {
        var schemas = application.Schema.SqlDatabases;
        if (schemas.Count == 0)
        {
            return None;
        }

        if (infrastructure.SqlServers.Count > 0)
        {
            return new ApplicationDatabases([.. schemas.Select(schema => External(schema, infrastructure, application))], server: null);
        }

        var server = await StartAsync(application, notices, cancellation);
        try
        {
            foreach (var schema in schemas)
            {
                await server.EnsureDatabaseAsync(schema.Name, cancellation);
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new ApplicationDatabases([.. schemas.Select(schema => new ResolvedDatabase(schema, server.AddressOf(schema.Name), IsEmbedded: true))], server);
    }

    /// <summary>The URI of a database; "" where there is none of that name.</summary>
    public string UriOf(string name) => All.FirstOrDefault(database => database.Name == name)?.Uri ?? "";

    /// <summary>Empties an embedded database: it is as if it had just been made.</summary>
    public async Task ResetAsync(ResolvedDatabase database, CancellationToken cancellation)
    {
        if (_server is { } server)
        {
            await server.DropDatabaseAsync(database.Name, cancellation);
            await server.EnsureDatabaseAsync(database.Name, cancellation);
        }
    }

    /// <summary>Stops the application's own server, unless others use it too.</summary>
    public ValueTask DisposeAsync() => _server is null ? ValueTask.CompletedTask : _server.DisposeAsync();

    // A database of an application in production that is made here by mistake would be found out when its data are missed.
    private static ResolvedDatabase External(SqlDatabaseSchema schema, InfrastructureConfig infrastructure, LoadedApplication application)
    {
        foreach (var server in infrastructure.SqlServers)
        {
            if (server.Databases.TryGetValue(schema.Name, out var database))
            {
                var address = DatabaseAddress.Of(
                    server.Host, server.Port, database.Name, database.Username, database.Password, server.Tls with { Client = database.Client ?? server.Tls.Client });
                address.Target.MinPoolSize = database.MinConnections;
                address.Target.MaxPoolSize = database.MaxConnections;
                return new ResolvedDatabase(schema, address, IsEmbedded: false);
            }
        }

        throw new DatabaseException(
            Diagnostic.Error("", $"Database {schema.Name} is on none of the infrastructure's sql_servers.", $"add it to the databases of one of them as \"{schema.Name}\""),
            application.Root,
            ExitCodes.Usage);
    }

    private static async Task<EmbeddedPostgres> StartAsync(LoadedApplication application, DatabaseNotices notices, CancellationToken cancellation)
    {
        IDisposable? progress = null;
        try
        {
            return await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions
                {
                    Folder = FolderOf(application),
                    PackageStarts = [AppContext.BaseDirectory, application.Root],
                    CacheFolder = UserCache.Folder,
                    OnInitializing = () => progress = notices.Initializing(),
                },
                cancellation);
        }
        catch (EmbeddedPostgresException error)
        {
            throw new DatabaseException(Diagnostic.Error("", error.Message, error.Help), application.Root, ExitCodes.Environment, error);
        }
        finally
        {
            progress?.Dispose();
        }
    }
}

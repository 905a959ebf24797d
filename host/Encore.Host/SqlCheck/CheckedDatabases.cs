using Bridge.Core.Schema;
using Bridge.Postgres.Connections;
using Bridge.Postgres.Embedded;
using Bridge.Postgres.Migrations;
using Encore.Host.Compiler;
using Encore.Host.Databases;
using Encore.Host.Diagnostics;

namespace Encore.Host.SqlCheck;

/// <summary>
/// Databases on a server that is made for one check and thrown away after it: what they are like depends on the migrations alone, and nobody's
/// data are near.
/// </summary>
internal sealed class CheckedDatabases : IAsyncDisposable
{
    // The account of root's servers has to enter it; what is in it is for that account alone.
    private const UnixFileMode Enterable = (UnixFileMode)0x1C9;

    private readonly DirectoryInfo _folder;
    private readonly EmbeddedPostgres _server;
    private readonly string _root;

    private CheckedDatabases(DirectoryInfo folder, EmbeddedPostgres server, string root)
    {
        _folder = folder;
        _server = server;
        _root = root;
    }

    /// <summary>Starts the server.</summary>
    /// <param name="root">The application's folder.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="EmbeddedPostgresException">There is no PostgreSQL, or it can't start here.</exception>
    public static async Task<CheckedDatabases> StartAsync(string root, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("encore-check-");
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                folder.UnixFileMode = Enterable;
            }

            var options = new EmbeddedPostgresOptions
            {
                Folder = Path.Combine(folder.FullName, "postgres"),
                PackageStarts = [AppContext.BaseDirectory, root],
                CacheFolder = UserCache.Folder,
                IsDurable = false,
            };
            return new CheckedDatabases(folder, await EmbeddedPostgres.StartAsync(options, cancellation), root);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Makes a database as its migrations describe it.</summary>
    /// <returns>The database, and what is wrong with its migrations; null for nothing.</returns>
    public async Task<(ResolvedDatabase Database, Diagnostic? Problem)> MakeAsync(SqlDatabaseSchema schema, CancellationToken cancellation)
    {
        await _server.EnsureDatabaseAsync(schema.Name, cancellation);
        var database = new ResolvedDatabase(schema, _server.AddressOf(schema.Name), IsEmbedded: true);
        try
        {
            var migrations = MigrationFolder.Read(_root, schema.Migrations, schema.MigrationSource);
            await using var source = database.Address.CreateBuilder(target =>
            {
                target.Pooling = false;
                target.IncludeErrorDetail = true;
            }).Build();
            await new Migrator(source, schema.Name, migrations, schema.MigrationSource).MigrateAsync(cancellation);
            return (database, null);
        }
        catch (MigrationException error)
        {
            return (database, DatabaseMigration.Explain(error));
        }
    }

    /// <summary>Ends the server and removes all that it left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();

        // It may lie elsewhere, where root's temporary folder lets nobody in.
        Directory.Delete(_server.Folder, recursive: true);
        _folder.Delete(recursive: true);
    }
}

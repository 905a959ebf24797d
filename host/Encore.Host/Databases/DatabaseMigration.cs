using System.Diagnostics;
using Bridge.Postgres.Migrations;
using Encore.Host.Artifacts;
using Encore.Host.Commands;
using Encore.Host.Diagnostics;
using Npgsql;

namespace Encore.Host.Databases;

/// <summary>Brings an application's database to the form that its migrations describe.</summary>
/// <param name="application">The application.</param>
/// <param name="database">One of its databases.</param>
/// <param name="notices">Where goes what a person should know.</param>
internal sealed class DatabaseMigration(LoadedApplication application, ResolvedDatabase database, DatabaseNotices notices)
{
    // Servers and applications that are started together don't wait for each other by themselves.
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether there is anything to migrate by.</summary>
    public bool HasMigrations => database.Schema.Migrations.Length > 0;

    /// <summary>Migrates all databases of an application.</summary>
    /// <exception cref="DatabaseException">One of them can't be reached or migrated.</exception>
    public static async Task RunAllAsync(LoadedApplication application, ApplicationDatabases databases, DatabaseNotices notices, CancellationToken cancellation)
    {
        foreach (var database in databases.All)
        {
            await new DatabaseMigration(application, database, notices).RunAsync(cancellation);
        }
    }

    /// <summary>Applies what is pending.</summary>
    /// <exception cref="DatabaseException">It can't be reached, a migration failed, or one that failed earlier hasn't been mended.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!HasMigrations)
        {
            return;
        }

        await WithMigratorAsync(
            async migrator =>
            {
                var start = Stopwatch.GetTimestamp();
                var report = await migrator.MigrateAsync(cancellation);
                foreach (var warning in report.Warnings)
                {
                    notices.Warn(warning);
                }

                if (report.Applied.Count > 0)
                {
                    notices.Say($"database {database.Name}: {Terminal.Count(report.Applied.Count, "migration")} applied, to {report.Applied[^1].File} ({Terminal.Seconds(Stopwatch.GetElapsedTime(start))})");
                }

                return true;
            },
            cancellation);
    }

    /// <summary>Works with a migrator; what goes wrong is told as a person needs it.</summary>
    /// <exception cref="DatabaseException">The server can't be reached, or a migration is at fault.</exception>
    public async Task<T> WithMigratorAsync<T>(Func<Migrator, Task<T>> work, CancellationToken cancellation)
    {
        var root = MigrationPlaces.RootOf(application, database.Schema);
        try
        {
            var migrations = HasMigrations ? MigrationFolder.Read(root, database.Schema.Migrations, database.Schema.MigrationSource) : [];
            await using var source = database.Address.CreateBuilder(target =>
            {
                target.Pooling = false;
                target.IncludeErrorDetail = true;
            }).Build();
            await WaitForServerAsync(source, cancellation);
            return await work(new Migrator(source, database.Name, migrations, database.Schema.MigrationSource) { OnWaiting = notices.Say });
        }
        catch (MigrationException error)
        {
            throw new DatabaseException(Explain(error), root, ExitCodes.ApplicationErrors, error);
        }
        catch (NpgsqlException error)
        {
            throw new DatabaseException(
                Diagnostic.Error("", $"Database {database.Name} at {database.Place}: {Describe(error)}", "look at sql_servers in the infrastructure's configuration, and whether the server runs"),
                root,
                ExitCodes.Environment,
                error);
        }
    }

    /// <summary>What is wrong with migrations, where, and what to do about it; the place is relative to the folder that they are relative to.</summary>
    public static Diagnostic Explain(MigrationException error)
    {
        var span = error.Place is { } place ? new SourceSpan(place.File, place.Line, place.Column, place.Line, place.Column) : null;
        return new Diagnostic(DiagnosticSeverity.Error, "", error.Message, span, Help: error.Help);
    }

    private async Task WaitForServerAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                return;
            }
            catch (NpgsqlException error) when (error.IsTransient && Stopwatch.GetElapsedTime(start) < ServerPatience)
            {
                if (isFirst)
                {
                    notices.Say($"database {database.Name}: waiting for the server at {database.Place} ({Describe(error)})");
                }
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static string Describe(NpgsqlException error) =>
        error is PostgresException refusal ? $"{refusal.MessageText} (SQLSTATE {refusal.SqlState})" : error.InnerException?.Message ?? error.Message;
}

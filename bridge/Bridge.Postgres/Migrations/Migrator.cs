using System.Globalization;
using Bridge.Core.Schema;
using Npgsql;

namespace Bridge.Postgres.Migrations;

/// <summary>Brings a database to the form that an application's migrations describe.</summary>
/// <param name="source">Connections to the database.</param>
/// <param name="database">Its name in messages and advice: as the application declares it.</param>
/// <param name="migrations">The application's migrations, in order.</param>
/// <param name="layout">Which tool's they are.</param>
public sealed class Migrator(NpgsqlDataSource source, string database, IReadOnlyList<Migration> migrations, MigrationSource layout)
{
    /// <summary>Receives a line when another process is waited for.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>How far the database is.</summary>
    public async Task<MigrationState> ReadStateAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await ReadAsync(await MigrationTables.OpenAsync(connection, layout, cancellation), cancellation);
    }

    /// <summary>Applies what is pending. Of many processes that do so at once, one applies and the others wait for it.</summary>
    /// <exception cref="MigrationException">A migration failed, now or earlier, and the database must not be worked with.</exception>
    public async Task<MigrationReport> MigrateAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var tables = await MigrationTables.OpenAsync(connection, layout, cancellation);
        var state = await ReadAsync(tables, cancellation);
        if (state.Pending.Count == 0 && state.Dirty is null)
        {
            return new MigrationReport([], Warnings(state));
        }

        await MigrationLock.TakeAsync(connection, tables.Schema, SayWaiting, cancellation);
        await tables.CreateAsync(cancellation);
        state = await ReadAsync(tables, cancellation);
        if (state is { Dirty: { } dirty, IsRolledBack: false })
        {
            throw new MigrationException(
                string.Create(CultureInfo.InvariantCulture, $"Database {database} is dirty: migration {dirty}{NameOf(dirty)} began once and didn't end."),
                DirtyHelp.For(database, dirty));
        }

        if (state.Dirty is { } undone)
        {
            await tables.ForgetAsync(undone, state.Applied.Count > 0 ? state.Applied[^1] : null, cancellation);
        }

        await tables.AdoptAsync(state.Foreign, cancellation);
        var last = state.Applied.Count > 0 ? state.Applied[^1] : long.MinValue;
        var run = new MigrationRun(connection, tables, database);
        foreach (var migration in state.Pending)
        {
            last = Math.Max(last, migration.Version);
            await run.RunAsync(migration, last, cancellation);
        }

        return new MigrationReport(state.Pending, Warnings(state));
    }

    /// <summary>Writes, without running anything, that the database is as it is after a version.</summary>
    /// <param name="version">The version; null for before the first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="MigrationException">There is no such migration.</exception>
    public async Task ForceAsync(long? version, CancellationToken cancellation)
    {
        if (version is not null && !migrations.Any(migration => migration.Version == version))
        {
            throw new MigrationException(
                string.Create(CultureInfo.InvariantCulture, $"Database {database} has no migration {version}."),
                migrations.Count == 0 ? "it has none at all" : string.Create(CultureInfo.InvariantCulture, $"they go from {migrations[0].Version} to {migrations[^1].Version}"));
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        var tables = await MigrationTables.OpenAsync(connection, layout, cancellation);
        await MigrationLock.TakeAsync(connection, tables.Schema, SayWaiting, cancellation);
        await tables.CreateAsync(cancellation);
        await tables.ForceAsync([.. migrations.Where(migration => migration.Version <= version)], cancellation);
    }

    private async Task<MigrationState> ReadAsync(MigrationTables tables, CancellationToken cancellation) =>
        MigrationState.Of(migrations, await tables.ReadAsync(cancellation), MigrationState.HasRowPerVersion(layout));

    private void SayWaiting() => OnWaiting?.Invoke($"database {database}: waiting for another process that is migrating it");

    private string NameOf(long version) =>
        migrations.FirstOrDefault(migration => migration.Version == version) is { } migration ? $" ({migration.File})" : "";

    private List<string> Warnings(MigrationState state)
    {
        var warnings = new List<string>();
        warnings.AddRange(state.Edited.Select(migration =>
            $"{migration.File} has been edited since database {database} was migrated with it; changes need a migration of their own"));
        warnings.AddRange(state.Late.Select(migration =>
            string.Create(CultureInfo.InvariantCulture, $"{migration.File} came to database {database} after {state.Applied[^1]}; it was applied all the same")));
        if (state.Unknown.Count > 0)
        {
            var newest = migrations.Count > 0 ? $"the newest here is {migrations[^1].File}" : "there are none here";
            warnings.Add(
                $"database {database} has migrations that this build doesn't know: {string.Join(", ", state.Unknown)} ({newest}); "
                + "it was migrated by a newer build, or files have been removed");
        }

        return warnings;
    }
}

/// <summary>What was done to a database.</summary>
/// <param name="Applied">The migrations that ran now.</param>
/// <param name="Warnings">What isn't as it should be, a line each; it doesn't keep the application from working.</param>
public sealed record MigrationReport(IReadOnlyList<Migration> Applied, IReadOnlyList<string> Warnings);

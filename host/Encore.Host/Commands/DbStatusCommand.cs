using System.CommandLine;
using System.Globalization;
using Bridge.Postgres.Migrations;
using Encore.Host.Databases;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db status</c>: where the databases are, and how far they are migrated.</summary>
internal static class DbStatusCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var command = new Command("status", "Shows where the databases are, and which migrations they have.");
        new DbArguments().AddTo(command, (target, _, cancellation) => target.RunAsync(session => ShowAsync(session, cancellation), cancellation));
        return command;
    }

    private static async Task<int> ShowAsync(DbSession session, CancellationToken cancellation)
    {
        var isInOrder = true;
        foreach (var database in session.Meant)
        {
            var state = await session.MigrationOf(database).WithMigratorAsync(migrator => migrator.ReadStateAsync(cancellation), cancellation);
            isInOrder &= state.Dirty is null;
            Terminal.WriteResult($"{database.Name}  {database.Place}  {Describe(database, state)}");
            foreach (var line in Details(state))
            {
                Terminal.WriteResult("  " + line);
            }
        }

        return isInOrder ? ExitCodes.Ok : ExitCodes.ApplicationErrors;
    }

    private static string Describe(ResolvedDatabase database, MigrationState state)
    {
        if (database.Schema.Migrations.Length == 0)
        {
            return "no migrations";
        }

        var version = state.Applied.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"version {state.Applied[^1]}") : "empty";
        return $"{version}, {Terminal.Count(state.Applied.Count, "migration")} applied, {state.Pending.Count.ToString(CultureInfo.InvariantCulture)} pending";
    }

    private static IEnumerable<string> Details(MigrationState state)
    {
        if (state.Dirty is { } dirty)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"dirty: migration {dirty} failed")
                + (state.IsRolledBack ? "; nothing of it was kept, and it runs again at the next start" : "; it has to be mended by hand, then `encore-host db migrate --force`");
        }

        foreach (var migration in state.Pending)
        {
            yield return $"pending: {migration.File}";
        }

        foreach (var migration in state.Edited)
        {
            yield return $"edited since it was applied: {migration.File}";
        }

        foreach (var version in state.Unknown)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"applied, but not known here: {version}");
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Bridge.Postgres.Migrations;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db migrate</c>: applies migrations, or says where a database stands.</summary>
internal static class DbMigrateCommand
{
    private const string Nothing = "none";

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var force = new Option<string?>("--force")
        {
            Description = $"Runs nothing, but writes down that the database is as it is after this version, or `{Nothing}`: for one that was mended by hand.",
            HelpName = "version",
        };
        var command = new Command("migrate", "Applies the migrations that databases don't have yet, as `run` does.") { force };
        new DbArguments().AddTo(command, (target, parsed, cancellation) => parsed.GetValue(force) is { } version
            ? ForceAsync(target, version, cancellation)
            : target.RunAsync(session => MigrateAsync(session, cancellation), cancellation));
        return command;
    }

    private static async Task<int> MigrateAsync(DbSession session, CancellationToken cancellation)
    {
        foreach (var database in session.Meant)
        {
            await session.MigrationOf(database).RunAsync(cancellation);
            Terminal.WriteResult($"database {database.Name} is up to date");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> ForceAsync(DbTarget target, string text, CancellationToken cancellation)
    {
        long? version = null;
        if (text != Nothing)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                Terminal.WriteError($"--force: '{text}' is neither a version nor {Nothing}", "versions are the numbers that migrations' names begin with");
                return ExitCodes.Usage;
            }

            version = number;
        }

        return await target.RunForOneAsync(
            async (session, database) =>
            {
                var state = await session.MigrationOf(database).WithMigratorAsync(migrator => ForcedAsync(migrator, version, cancellation), cancellation);
                Terminal.WriteResult($"database {database.Name} stands at {text}; {state.Pending.Count.ToString(CultureInfo.InvariantCulture)} pending");
                return ExitCodes.Ok;
            },
            cancellation);
    }

    private static async Task<MigrationState> ForcedAsync(Migrator migrator, long? version, CancellationToken cancellation)
    {
        await migrator.ForceAsync(version, cancellation);
        return await migrator.ReadStateAsync(cancellation);
    }
}

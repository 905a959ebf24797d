using System.CommandLine;
using Bridge.Postgres.Embedded;
using Encore.Host.Databases;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db reset</c>: empties embedded databases and migrates them anew.</summary>
internal static class DbResetCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var command = new Command("reset", "Empties databases of the embedded server, with all that is in them, and migrates them anew.");
        new DbArguments().AddTo(command, (target, _, cancellation) => RunAsync(target, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DbTarget target, CancellationToken cancellation)
    {
        try
        {
            return await target.RunAsync(session => ResetAsync(session, cancellation), cancellation);
        }
        catch (DatabaseException error) when (error.InnerException is EmbeddedPostgresException { IsVersionMismatch: true } && target.Database is null)
        {
            return await StartAnewAsync(target, cancellation);
        }
    }

    private static async Task<int> ResetAsync(DbSession session, CancellationToken cancellation)
    {
        if (session.Meant.FirstOrDefault(database => !database.IsEmbedded) is { } external)
        {
            Terminal.WriteError($"database {external.Name} is on {external.Place}; only embedded databases are emptied", "drop and create it there");
            return ExitCodes.Usage;
        }

        foreach (var database in session.Meant)
        {
            await session.Databases.ResetAsync(database, cancellation);
            await session.MigrationOf(database).RunAsync(cancellation);
            Terminal.WriteResult($"database {database.Name} is as new");
        }

        return ExitCodes.Ok;
    }

    // Data that no server here can read are kept: they may be all there is.
    private static async Task<int> StartAnewAsync(DbTarget target, CancellationToken cancellation)
    {
        var (application, _, code) = await target.LoadAsync(cancellation);
        if (application is null)
        {
            return code;
        }

        if (EmbeddedPostgres.PutDataAside(ApplicationDatabases.FolderOf(application)) is { } aside)
        {
            Terminal.WriteResult($"the data of another version are kept in {aside}");
        }

        return await target.RunAsync(session => ResetAsync(session, cancellation), cancellation);
    }
}

using System.Globalization;
using Npgsql;

namespace Bridge.Postgres.Migrations;

/// <summary>Carries out one migration.</summary>
/// <param name="connection">The connection, which has the lock.</param>
/// <param name="tables">Where it is written down.</param>
/// <param name="database">The database's name, for messages.</param>
internal sealed class MigrationRun(NpgsqlConnection connection, MigrationTables tables, string database)
{
    /// <summary>
    /// Carries it out: in one transaction, together with the note that it ended well, so that both are kept or neither. What the server
    /// refuses to do within a transaction is done without.
    /// </summary>
    /// <param name="migration">The migration.</param>
    /// <param name="last">The largest version that the database has afterwards.</param>
    /// <param name="cancellation">Ends it; what isn't committed is undone.</param>
    /// <exception cref="MigrationException">It failed.</exception>
    public async Task RunAsync(Migration migration, long last, CancellationToken cancellation)
    {
        var script = MigrationScript.Of(migration);
        await tables.BeginAsync(migration, script.MayBeAtomic, cancellation);
        if (!script.MayBeAtomic || !await TryAtomicAsync(script, last, cancellation))
        {
            await tables.BeginAsync(migration, isAtomic: false, cancellation);
            await OneByOneAsync(script, last, cancellation);
        }

        // What a file sets for its session ends with it. Not DISCARD ALL, which would give the lock back.
        await ExecuteAsync("reset all", cancellation);
    }

    /// <returns>False if a statement can't be within a transaction; nothing has happened then.</returns>
    private async Task<bool> TryAtomicAsync(MigrationScript script, long last, CancellationToken cancellation)
    {
        var step = 0;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            for (; step < script.Statements.Count; step++)
            {
                await ExecuteAsync(script.Statements[step].Text, cancellation);
            }

            await ExecuteAsync("reset session authorization", cancellation);
            await tables.EndAsync(script.Migration, last, cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PostgresException error) when (IsAgainstTransactions(error))
        {
            await transaction.RollbackAsync(cancellation);
            return false;
        }
        catch (NpgsqlException error)
        {
            var statement = step < script.Statements.Count ? script.Statements[step] : null;
            throw Failure(script, statement, error, "nothing of it was kept; mend it, then start again");
        }
    }

    private async Task OneByOneAsync(MigrationScript script, long last, CancellationToken cancellation)
    {
        var step = 0;
        try
        {
            for (; step < script.Statements.Count; step++)
            {
                await ExecuteAsync(script.Statements[step].Text, cancellation);
            }

            // A transaction that the file forgot to end; without one this does nothing.
            await ExecuteAsync("commit", cancellation);
            await ExecuteAsync("reset session authorization", cancellation);
            await tables.EndAsync(script.Migration, last, cancellation);
        }
        catch (NpgsqlException error)
        {
            var kept = step == 0 ? "nothing before it was to be done" : string.Create(CultureInfo.InvariantCulture, $"the first {step} of its {script.Statements.Count} statements may have been kept");
            throw Failure(
                script,
                step < script.Statements.Count ? script.Statements[step] : null,
                error,
                $"it ran without a transaction: {kept}; {DirtyHelp.For(database, script.Migration.Version)}");
        }
    }

    // 25001: … cannot run inside a transaction block; 55P04: a value of an enum that was added in the same transaction.
    private static bool IsAgainstTransactions(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.ActiveSqlTransaction or "55P04";

    private MigrationException Failure(MigrationScript script, SqlStatement? statement, NpgsqlException error, string help)
    {
        var lines = new List<string> { $"database {database}: {error.Message}" };
        var index = statement?.Start ?? 0;
        if (error is PostgresException refusal)
        {
            lines = [$"database {database}: {refusal.MessageText} (SQLSTATE {refusal.SqlState})"];
            lines.AddRange(Labelled("detail", refusal.Detail));
            lines.AddRange(Labelled("hint", refusal.Hint));
            lines.AddRange(Labelled("where", refusal.Where));
            index = statement is not null && refusal.Position > 0 ? statement.IndexOf(refusal.Position) : index;
        }

        return new MigrationException(string.Join('\n', lines), help, MigrationPlace.At(script.Migration, index), error);
    }

    private static IEnumerable<string> Labelled(string label, string? text) => string.IsNullOrEmpty(text) ? [] : [$"{label}: {text}"];

    // A batch's commands are sent as they are; other commands' texts Npgsql takes apart first.
    private async Task ExecuteAsync(string statement, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(statement) }, Timeout = 0 };
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}

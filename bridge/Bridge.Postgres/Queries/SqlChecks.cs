using Bridge.Core.Schema;
using Bridge.Postgres.Errors;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.Queries;

/// <summary>What PostgreSQL finds wrong with a statement before it runs.</summary>
/// <param name="Query">Which of the statements, from 0.</param>
/// <param name="Message">PostgreSQL's message.</param>
/// <param name="Code">The SQLSTATE.</param>
/// <param name="Position">Where in the text: the number of a UTF-16 code unit, from 1; 0 where PostgreSQL tells no place.</param>
/// <param name="Hint">What PostgreSQL suggests; null for nothing.</param>
public sealed record SqlProblem(int Query, string Message, string Code, int Position, string? Hint);

/// <summary>Looks at statements without running them: names, types and syntax, against the tables that are there.</summary>
public static class SqlChecks
{
    /// <summary>Has PostgreSQL parse and describe each statement.</summary>
    /// <param name="connectionString">Of a database that is migrated.</param>
    /// <param name="queries">The statements of that database.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="Bridge.Core.Operations.OperationException">The database can't be reached.</exception>
    public static async Task<IReadOnlyList<SqlProblem>> CheckAsync(
        string connectionString, IEnumerable<SqlQuerySchema> queries, CancellationToken cancellation = default)
    {
        var options = new SqlDatabaseOptions { Name = "checked", ConnectionString = connectionString, Uri = "", MaxPreparedStatements = 0 };
        await using var source = DataSources.Create(options);
        List<SqlProblem> problems = [];
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            var index = 0;
            foreach (var query in queries)
            {
                if (await CheckAsync(connection, query, cancellation).ConfigureAwait(false) is { } problem)
                {
                    problems.Add(Describe(index, query.Text, problem));
                }

                index++;
            }
        }
        catch (NpgsqlException exception)
        {
            throw SqlError.CannotConnect(new NpgsqlConnectionStringBuilder(connectionString).Database ?? "", DataSources.Place(options), exception);
        }

        return problems;
    }

    private static async Task<PostgresException?> CheckAsync(NpgsqlConnection connection, SqlQuerySchema query, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query.Text, connection);
        for (var parameter = 0; parameter < query.Parameters; parameter++)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = DBNull.Value });
        }

        try
        {
            await command.PrepareAsync(cancellation).ConfigureAwait(false);
            await command.UnprepareAsync(cancellation).ConfigureAwait(false);
            return null;
        }
        catch (PostgresException exception) when (!SqlError.IsConnectionLoss(exception))
        {
            return exception;
        }
    }

    private static SqlProblem Describe(int index, string text, PostgresException problem) => new(
        index,
        problem.MessageText,
        problem.SqlState,
        problem.Position > 0 ? SqlError.ToUtf16(text, problem.Position) : 0,
        problem.Hint);
}

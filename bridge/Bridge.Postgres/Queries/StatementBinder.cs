using System.Text.Json;
using Bridge.Postgres.Values;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.Queries;

/// <summary>A statement that was sent, and what comes back.</summary>
/// <param name="Command">The driver's.</param>
/// <param name="Reader">Its rows.</param>
internal readonly record struct OpenStatement(NpgsqlCommand Command, NpgsqlDataReader Reader) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync().ConfigureAwait(false);
        await Command.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>Gives a statement its parameters, and sends it.</summary>
/// <remarks>
/// Parameters go as texts of unspecified type, so that the server infers their types as it does for literals. Bytes go as bytea. Arrays and
/// objects have texts that depend on the type; that is asked for once a statement.
/// </remarks>
internal static class StatementBinder
{
    private static int lastName;

    /// <summary>Sends the statement. A failure that may come of types as they used to be is tried again once with those that are.</summary>
    internal static async ValueTask<OpenStatement> ExecuteAsync(
        Database database, Link link, StatementRequest request, CancellationToken cancellation)
    {
        var operands = ReadOperands(request);
        if (link is { NeedsToForget: true, IsTransactionFailed: false })
        {
            await link.ForgetPreparedAsync().ConfigureAwait(false);
        }

        try
        {
            return await SendAsync(database, link, request.Statement, operands, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (Errors.SqlStates.MayComeOfOldTypes(exception.SqlState) && !link.IsBroken)
        {
            var hasOldTypes = request.Statement.ParameterTypes is not null;
            link.NeedsToForget |= hasOldTypes;
            request.Statement.ParameterTypes = null;
            if (link.InTransaction || (!hasOldTypes && exception.SqlState != Errors.SqlStates.FeatureNotSupported))
            {
                throw;
            }
        }

        // Nothing has happened yet: the failed statement was all of its transaction.
        if (link.NeedsToForget)
        {
            await link.ForgetPreparedAsync().ConfigureAwait(false);
        }

        return await SendAsync(database, link, request.Statement, operands, cancellation).ConfigureAwait(false);
    }

    private static Operand[] ReadOperands(StatementRequest request)
    {
        var parameters = request.Parameters;
        if (parameters.ValueKind != JsonValueKind.Array || parameters.GetArrayLength() == 0)
        {
            return [];
        }

        var operands = new Operand[parameters.GetArrayLength()];
        var index = 0;
        foreach (var parameter in parameters.EnumerateArray())
        {
            operands[index++] = Operand.Read(parameter, request.Bytes);
        }

        return operands;
    }

    private static async ValueTask<OpenStatement> SendAsync(
        Database database, Link link, Statement statement, Operand[] operands, CancellationToken cancellation)
    {
        var types = Array.Exists(operands, operand => operand.NeedsType)
            ? statement.ParameterTypes ??= await DescribeAsync(database, link, statement.Text, cancellation).ConfigureAwait(false)
            : null;
        var command = link.Connection.CreateCommand();
        command.CommandText = statement.Text;
        command.AllResultTypesAreUnknown = true;
        for (var index = 0; index < operands.Length; index++)
        {
            command.Parameters.Add(CreateParameter(operands[index], index < types?.Length ? types[index] : null));
        }

        var isPrepared = link.CountRun(statement);
        try
        {
            return new OpenStatement(command, await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again. The driver takes a statement that fails in the run that prepares it for one without
            // rows, and the connection for lost as soon as it gives some.
            link.NeedsToForget |= exception is PostgresException && !isPrepared;
            await command.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static NpgsqlParameter CreateParameter(Operand operand, PgType? type) => operand.Kind == OperandKind.Bytes
        ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = operand.Bytes }
        : new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = (object?)OperandText.Format(operand, type) ?? DBNull.Value };

    // One round trip: what is prepared by SQL shows its parameters in a view, unlike what the driver prepares.
    private static async ValueTask<PgType?[]> DescribeAsync(Database database, Link link, string text, CancellationToken cancellation)
    {
        var name = $"encore_describe_{Interlocked.Increment(ref lastName)}";
        var prefix = $"PREPARE {name} AS ";
        uint[] oids;
        try
        {
            await using var batch = new NpgsqlBatch(link.Connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(prefix + text));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT parameter_types::oid[] FROM pg_prepared_statements WHERE name = '{name}'"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"DEALLOCATE {name}"));
            oids = (uint[]?)await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false) ?? [];
        }
        catch (PostgresException exception)
        {
            throw database.Explain(exception, link, text, prefix.Length);
        }

        await database.Catalog.LoadAsync(oids, cancellation).ConfigureAwait(false);
        return [.. oids.Select(database.Catalog.Find)];
    }
}

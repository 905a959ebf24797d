using System.Data;
using System.Text.RegularExpressions;
using Bridge.Core.Schema;
using Bridge.Postgres.Errors;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Values;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.Checks;

/// <summary>Looks at statements without running them: names, types and syntax, against the tables that are there.</summary>
public static partial class SqlChecks
{
    private const string Name = "encore_check";
    private const string Describe = $"SELECT parameter_types::oid[] FROM pg_prepared_statements WHERE name = '{Name}'";

    /// <summary>Has PostgreSQL parse and describe each statement.</summary>
    /// <param name="options">A database that is migrated.</param>
    /// <param name="queries">The statements of that database.</param>
    /// <param name="mayCreate">
    /// Whether tables that the statements themselves create, such as temporary ones, are made first: for a database that is thrown away.
    /// </param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What was found, in the order of the statements.</returns>
    /// <exception cref="Bridge.Core.Operations.OperationException">The database can't be reached.</exception>
    public static async Task<IReadOnlyList<SqlFinding>> CheckAsync(
        SqlDatabaseOptions options, IReadOnlyCollection<SqlQuerySchema> queries, bool mayCreate = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(queries);
        await using var source = DataSources.Create(options with { MaxPreparedStatements = 0 });
        var catalog = new TypeCatalog(source);
        List<SqlFinding> findings = [];
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            foreach (var creation in queries.Where(query => mayCreate && query.Parameters == 0 && Creation().IsMatch(query.Text)))
            {
                await TryAsync(connection, creation.Text, cancellation).ConfigureAwait(false);
            }

            var index = 0;
            foreach (var query in queries)
            {
                findings.AddRange(await CheckAsync(connection, catalog, index++, query, cancellation).ConfigureAwait(false));
            }
        }
        catch (NpgsqlException exception)
        {
            throw SqlError.CannotConnect(options.Name, DataSources.Place(options), exception);
        }

        return findings;
    }

    // One that fails is missed by the statements that need what it makes.
    private static async Task TryAsync(NpgsqlConnection connection, string text, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException refusal) when (!SqlError.IsConnectionLoss(refusal))
        {
        }
    }

    private static async Task<IReadOnlyList<SqlFinding>> CheckAsync(
        NpgsqlConnection connection, TypeCatalog catalog, int index, SqlQuerySchema query, CancellationToken cancellation)
    {
        List<SqlFinding> findings = [];
        try
        {
            var columns = await ReadColumnsAsync(connection, catalog, query, cancellation).ConfigureAwait(false);
            findings.AddRange(await CheckParametersAsync(connection, catalog, index, query, cancellation).ConfigureAwait(false));
            findings.AddRange(CheckColumns(index, query, columns));
        }
        catch (PostgresException refusal) when (!SqlError.IsConnectionLoss(refusal))
        {
            findings.Add(new SqlFinding(index, SqlFindingKind.Refused, refusal.MessageText)
            {
                Code = refusal.SqlState,
                Position = refusal.Position > 0 ? SqlError.ToUtf16(query.Text, refusal.Position) : 0,
                Help = string.IsNullOrEmpty(refusal.Hint) ? null : refusal.Hint,
            });
        }

        return findings;
    }

    private static async Task<IReadOnlyList<(string Name, PgType Type)>> ReadColumnsAsync(
        NpgsqlConnection connection, TypeCatalog catalog, SqlQuerySchema query, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query.Text, connection) { AllResultTypesAreUnknown = true };
        for (var parameter = 0; parameter < query.Parameters; parameter++)
        {
            var type = IsBytes(query, parameter) ? NpgsqlDbType.Bytea : NpgsqlDbType.Unknown;
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellation).ConfigureAwait(false);
        var oids = Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeOID).ToList();
        await catalog.LoadAsync(oids, cancellation).ConfigureAwait(false);
        return [.. oids.Select((oid, column) => (reader.GetName(column), catalog.Find(oid) ?? ScalarType.Unknown))];
    }

    private static async Task<IReadOnlyList<SqlFinding>> CheckParametersAsync(
        NpgsqlConnection connection, TypeCatalog catalog, int index, SqlQuerySchema query, CancellationToken cancellation)
    {
        // Only what may have parameters can be prepared by SQL, which, unlike the protocol, tells their types where they can be read.
        if (!query.Text.Contains('$', StringComparison.Ordinal)
            || await DescribeAsync(connection, query, cancellation).ConfigureAwait(false) is not { } oids)
        {
            return [];
        }

        if (oids.Length > query.Parameters)
        {
            return [new SqlFinding(index, SqlFindingKind.Refused, $"there is no parameter ${query.Parameters + 1}")
            {
                Code = PostgresErrorCodes.UndefinedParameter,
                Position = query.Text.IndexOf($"${query.Parameters + 1}", StringComparison.Ordinal) + 1,
                Help = "insert the value: ${value}",
            }];
        }

        await catalog.LoadAsync(oids, cancellation).ConfigureAwait(false);
        List<SqlFinding> findings = [];
        for (var parameter = 0; parameter < Math.Min(oids.Length, query.Inserted.Count); parameter++)
        {
            if (catalog.Find(oids[parameter]) is { } type && !ValueFit.Takes(type, query.Inserted[parameter].Kinds))
            {
                findings.Add(new SqlFinding(index, SqlFindingKind.Parameter, $"{ValueFit.Describe(query.Inserted[parameter].Kinds)} can't be the {type.Name} that the statement wants here")
                {
                    Parameter = parameter,
                    Help = ValueFit.HelpFor(type),
                });
            }
        }

        return findings;
    }

    private static async Task<uint[]?> DescribeAsync(NpgsqlConnection connection, SqlQuerySchema query, CancellationToken cancellation)
    {
        var types = Enumerable.Range(0, (int)query.Parameters).Select(parameter => IsBytes(query, parameter) ? "bytea" : "unknown").ToList();
        var given = types.Count == 0 ? "" : $" ({string.Join(", ", types)})";
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"PREPARE {Name}{given} AS {query.Text}"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Describe));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"DEALLOCATE {Name}"));
            return (uint[]?)await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false) ?? [];
        }
        catch (PostgresException refusal) when (!SqlError.IsConnectionLoss(refusal))
        {
            return null;
        }
    }

    private static IEnumerable<SqlFinding> CheckColumns(int index, SqlQuerySchema query, IReadOnlyList<(string Name, PgType Type)> columns)
    {
        foreach (var declared in query.Columns)
        {
            // Of several columns of one name the last one is what rows have.
            var found = columns.LastOrDefault(column => column.Name == declared.Name);
            if (found.Type is null)
            {
                if (!declared.Optional)
                {
                    yield return new SqlFinding(index, SqlFindingKind.Row, $"rows are declared with {declared.Name}, which the statement doesn't give")
                    {
                        Column = declared.Name,
                        Help = columns.Count == 0 ? "it gives no rows" : "it gives " + string.Join(", ", columns.Select(column => column.Name)),
                    };
                }
            }
            else if (!ValueFit.Gives(found.Type, declared.Kinds))
            {
                yield return new SqlFinding(
                    index,
                    SqlFindingKind.Row,
                    $"the column {declared.Name} is declared as {ValueFit.Describe(declared.Kinds)}, but is of type {found.Type.Name}, which arrives as {ValueFit.Describe(ValueFit.KindsOf(found.Type))}")
                {
                    Column = declared.Name,
                };
            }
        }
    }

    // Bytes are sent as bytea; all else has the type that the statement wants.
    private static bool IsBytes(SqlQuerySchema query, int parameter) =>
        parameter < query.Inserted.Count && query.Inserted[parameter].Kinds is [SqlValueKind.Bytes];

    [GeneratedRegex(
        @"^\s*create\s+(or\s+replace\s+)?((temp|temporary|unlogged|recursive|materialized)\s+)*(table|view|type|sequence)\s",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Creation();
}

using Bridge.Core.Schema;
using Npgsql;

namespace Bridge.Postgres.Migrations;

/// <summary>
/// The two tables in which a database remembers its migrations. <c>schema_migrations(version, dirty)</c> is golang-migrate's and Encore's,
/// and says what they would have it say; <c>encore_migrations</c> adds what it has no place for.
/// </summary>
internal sealed class MigrationTables
{
    private readonly NpgsqlConnection _connection;
    private readonly string _versions;
    private readonly string _records;
    private readonly bool _rowPerVersion;

    private MigrationTables(NpgsqlConnection connection, string schema, bool rowPerVersion)
    {
        _connection = connection;
        _rowPerVersion = rowPerVersion;
        Schema = schema;
        var quoted = $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        _versions = quoted + ".schema_migrations";
        _records = quoted + ".encore_migrations";
    }

    /// <summary>The schema that the tables are in: the first of the connection's search path.</summary>
    public string Schema { get; }

    /// <summary>The tables that a connection sees; they may not exist yet.</summary>
    public static async Task<MigrationTables> OpenAsync(NpgsqlConnection connection, MigrationSource layout, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select current_schema()", connection);
        return await command.ExecuteScalarAsync(cancellation) is string schema
            ? new MigrationTables(connection, schema, MigrationState.HasRowPerVersion(layout))
            : throw new MigrationException("The database has no schema that tables could be made in: its search path names none that exists.", "create the schema public, or set another search_path for the user");
    }

    /// <summary>Makes the tables where they are missing.</summary>
    public Task CreateAsync(CancellationToken cancellation) => ExecuteAsync(
        cancellation,
        new($"create table if not exists {_versions} (version bigint not null primary key, dirty boolean not null)"),
        new(
            $"""
            create table if not exists {_records} (
              version bigint not null primary key, name text not null, checksum text not null, atomic boolean not null,
              started_at timestamptz not null default clock_timestamp(), finished_at timestamptz)
            """));

    /// <summary>Reads them; one that doesn't exist is empty.</summary>
    public async Task<MigrationRecords> ReadAsync(CancellationToken cancellation)
    {
        var rows = new List<VersionRow>();
        if (await ExistsAsync(_versions, cancellation))
        {
            await using var command = new NpgsqlCommand($"select version, dirty from {_versions} order by version", _connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(new VersionRow(reader.GetInt64(0), reader.GetBoolean(1)));
            }
        }

        var records = new Dictionary<long, MigrationRecord>();
        if (await ExistsAsync(_records, cancellation))
        {
            await using var command = new NpgsqlCommand($"select version, checksum, atomic, finished_at is not null from {_records}", _connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                records.Add(reader.GetInt64(0), new MigrationRecord(reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3)));
            }
        }

        return new MigrationRecords(rows, records);
    }

    /// <summary>Writes that a migration begins: the database is dirty from here on.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="isAtomic">Whether it will be kept whole or not at all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task BeginAsync(Migration migration, bool isAtomic, CancellationToken cancellation) => ExecuteAsync(
        cancellation,
        [
            .. Replaced(),
            new($"insert into {_versions} (version, dirty) values ($1, true) on conflict (version) do update set dirty = true", migration.Version),
            new(
                $"""
                insert into {_records} (version, name, checksum, atomic) values ($1, $2, $3, $4)
                on conflict (version) do update set name = $2, checksum = $3, atomic = $4, started_at = clock_timestamp(), finished_at = null
                """,
                migration.Version,
                migration.Name,
                migration.Checksum,
                isAtomic),
        ]);

    /// <summary>Writes that it ended well: within its own transaction, if it has one.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="last">The largest version that the database has now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task EndAsync(Migration migration, long last, CancellationToken cancellation) => ExecuteAsync(
        cancellation,
        [
            .. Replaced(),
            Clean(_rowPerVersion ? migration.Version : last),
            new($"update {_records} set finished_at = clock_timestamp() where version = $1", migration.Version),
        ]);

    /// <summary>Writes that nothing is left of a migration that failed.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="last">The largest version that the database has; null if it has none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task ForgetAsync(long version, long? last, CancellationToken cancellation) => ExecuteAsync(
        cancellation,
        [
            new($"delete from {_versions} where version = $1", version),
            new($"delete from {_records} where version = $1", version),
            .. last is { } before && !_rowPerVersion ? [Clean(before)] : Array.Empty<Statement>(),
        ]);

    /// <summary>Writes down, with their files' checksums, migrations that another tool applied.</summary>
    public Task AdoptAsync(IEnumerable<Migration> migrations, CancellationToken cancellation) =>
        ExecuteAsync(cancellation, [.. migrations.Select(Adopted)]);

    /// <summary>Writes that the database has exactly these migrations.</summary>
    public Task ForceAsync(IReadOnlyList<Migration> applied, CancellationToken cancellation) => ExecuteAsync(
        cancellation,
        [
            new($"delete from {_versions}"),
            new($"delete from {_records}"),
            .. (_rowPerVersion ? applied : applied.TakeLast(1)).Select(migration => Clean(migration.Version)),
            .. applied.Select(Adopted),
        ]);

    private Statement[] Replaced() => _rowPerVersion ? [] : [new($"delete from {_versions}")];

    private Statement Clean(long version) =>
        new($"insert into {_versions} (version, dirty) values ($1, false) on conflict (version) do update set dirty = false", version);

    private Statement Adopted(Migration migration) => new(
        $"""
        insert into {_records} (version, name, checksum, atomic, finished_at) values ($1, $2, $3, true, clock_timestamp())
        on conflict (version) do update set name = $2, checksum = $3, atomic = true, finished_at = clock_timestamp()
        """,
        migration.Version,
        migration.Name,
        migration.Checksum);

    private async Task<bool> ExistsAsync(string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select to_regclass($1) is not null", _connection) { Parameters = { new() { Value = table } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    // Statements in one round trip are one transaction, unless there is one around them.
    private async Task ExecuteAsync(CancellationToken cancellation, params Statement[] statements)
    {
        if (statements.Length == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(_connection);
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.Text);
            foreach (var value in statement.Values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Statement(string Text, params object[] Values);
}

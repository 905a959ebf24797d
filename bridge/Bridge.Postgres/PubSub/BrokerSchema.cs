using Bridge.Core.PubSub;
using Bridge.Postgres.Queries;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>The broker's tables.</summary>
/// <remarks>
/// | table | a row is |
/// | --- | --- |
/// | <c>message</c> | a message, for as long as a delivery or a dead letter refers to it |
/// | <c>delivery</c> | a message that a subscription hasn't handled: free when <c>visible_at</c> is past, leased when it has a <c>lease</c> |
/// | <c>dead_letter</c> | a message that a subscription has given up |
/// | <c>deduplication</c> | an id that was published under, until it is forgotten |
/// | <c>topic</c>, <c>subscription</c> | their addresses by number |
///
/// Rows are deleted as soon as they are of no use, and the tables are vacuumed often, so that they stay as big as what is outstanding. A
/// transaction that stays open for long anywhere in the database keeps dead rows from being reused: receiving slows down until it ends.
/// A subscription that nobody handles any more keeps its messages; its administrator deletes its rows of <c>delivery</c> and
/// <c>subscription</c>.
/// </remarks>
internal sealed class BrokerSchema(string schema)
{
    /// <summary>The version that this program makes and works with.</summary>
    internal const int Version = 1;

    private const string Vacuum = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0";

    private static readonly string[] Tables = ["version", "topic", "subscription", "message", "delivery", "dead_letter", "deduplication"];

    /// <summary>Its name.</summary>
    internal string Name => schema;

    /// <summary>Its name in statements.</summary>
    internal string Quoted { get; } = Identifier.Quote(schema);

    /// <summary>Locks what may happen in one process at a time, until the transaction ends.</summary>
    internal string LockKey => $"encore-pubsub:{schema}";

    private string Definition => $"""
        CREATE TABLE {Quoted}.version (number int NOT NULL);
        CREATE TABLE {Quoted}.topic (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, address text NOT NULL UNIQUE);
        CREATE TABLE {Quoted}.subscription (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            topic int NOT NULL REFERENCES {Quoted}.topic,
            address text NOT NULL,
            UNIQUE (topic, address));
        CREATE SEQUENCE {Quoted}.message_id;
        CREATE TABLE {Quoted}.message (
            id bigint PRIMARY KEY,
            topic int NOT NULL,
            published_at timestamptz NOT NULL,
            attributes bytea,
            body bytea NOT NULL) WITH ({Vacuum});
        CREATE TABLE {Quoted}.delivery (
            message bigint NOT NULL,
            subscription int NOT NULL,
            position bigint NOT NULL,
            since timestamptz NOT NULL,
            visible_at timestamptz NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            ordering_key uuid,
            lease uuid,
            PRIMARY KEY (message, subscription)) WITH (fillfactor = 70, {Vacuum});
        CREATE INDEX delivery_free ON {Quoted}.delivery (subscription, visible_at, position) WHERE ordering_key IS NULL;
        CREATE INDEX delivery_order ON {Quoted}.delivery (subscription, ordering_key, position) WHERE ordering_key IS NOT NULL;
        CREATE INDEX delivery_order_due ON {Quoted}.delivery (subscription, visible_at) WHERE ordering_key IS NOT NULL;
        CREATE TABLE {Quoted}.dead_letter (
            message bigint NOT NULL,
            subscription int NOT NULL,
            died_at timestamptz NOT NULL,
            attempts int NOT NULL,
            ordering_key uuid,
            cause smallint NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (message, subscription));
        CREATE INDEX dead_letter_age ON {Quoted}.dead_letter (subscription, died_at, message);
        CREATE TABLE {Quoted}.deduplication (
            topic int NOT NULL,
            id uuid NOT NULL,
            message bigint NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (topic, id)) WITH ({Vacuum});
        CREATE INDEX deduplication_age ON {Quoted}.deduplication (expires_at);
        INSERT INTO {Quoted}.version VALUES ({Version});
        """;

    /// <summary>Looks that the tables are there, and makes them if it may.</summary>
    /// <param name="connection">A connection in a transaction, which locks all others out until it ends.</param>
    /// <param name="place">Host, port and database, for messages.</param>
    /// <param name="provision">Whether to make what is missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is missing, a line each.</returns>
    internal async Task<List<string>> PrepareAsync(NpgsqlConnection connection, string place, bool provision, CancellationToken cancellation)
    {
        await using (var locking = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = LockKey } } })
        {
            await locking.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var present = await PresentAsync(connection, cancellation).ConfigureAwait(false);
        if (present is null or { Count: 0 })
        {
            if (!provision)
            {
                return [present is null ? $"schema {schema} with the broker's tables, in PostgreSQL at {place}" : $"the broker's tables in schema {schema}, in PostgreSQL at {place}"];
            }

            await CreateAsync(connection, place, hasSchema: present is not null, cancellation).ConfigureAwait(false);
            return [];
        }

        List<string> missing = [.. Tables.Except(present.Keys).Select(table => $"table {schema}.{table}, in PostgreSQL at {place}")];
        missing.AddRange(present.Where(table => !table.Value).Select(table => $"the user's privileges SELECT, INSERT, UPDATE and DELETE on table {schema}.{table.Key}, in PostgreSQL at {place}"));
        if (missing.Count == 0)
        {
            await CheckVersionAsync(connection, place, cancellation).ConfigureAwait(false);
        }

        return missing;
    }

    /// <summary>The tables that are there, each with whether this user may do with it what has to be done; null where not even the schema is.</summary>
    private async Task<Dictionary<string, bool>?> PresentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string Query = """
            SELECT n.oid IS NOT NULL, c.relname::text,
                has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AND (c.relname IN ('version', 'topic', 'subscription')
                    OR (has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')))
            FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname = ANY ($2)
            WHERE n.nspname = $1
            """;
        await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new() { Value = schema }, new() { Value = Tables } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        Dictionary<string, bool>? tables = null;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            tables ??= new Dictionary<string, bool>(StringComparer.Ordinal);
            if (!await reader.IsDBNullAsync(1, cancellation).ConfigureAwait(false))
            {
                tables[reader.GetString(1)] = reader.GetBoolean(2);
            }
        }

        return tables;
    }

    private async Task CreateAsync(NpgsqlConnection connection, string place, bool hasSchema, CancellationToken cancellation)
    {
        try
        {
            // Creating a schema takes a privilege that an owner of the schema needn't have.
            var text = hasSchema ? Definition : $"CREATE SCHEMA {Quoted};\n{Definition}";
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == "42501")
        {
            throw new BrokerException(
                $"the user may not make the broker's tables in schema {schema} of PostgreSQL at {place}: {exception.MessageText}",
                $"let an administrator run there: CREATE SCHEMA {Quoted} AUTHORIZATION the_user; and start again",
                isTransient: false,
                exception);
        }
    }

    private async Task CheckVersionAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT max(number) FROM {Quoted}.version", connection);
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is int number && number == Version)
        {
            return;
        }

        throw new BrokerException(
            $"the broker's tables in schema {schema} of PostgreSQL at {place} aren't of version {Version}, which this program works with",
            "run the same version of the program everywhere, or name another schema",
            isTransient: false);
    }
}

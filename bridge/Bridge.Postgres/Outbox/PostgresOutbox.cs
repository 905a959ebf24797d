using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.Outbox;

/// <summary>
/// Messages that are published if and only if a transaction of the application commits: a row of the table <c>encore_outbox.message</c> in the
/// application's database, which <see cref="OutboxRelay"/> brings to the topic's broker.
/// </summary>
/// <remarks>
/// Of an ordered topic, a transaction waits for others that have published under the same key, until they end: so rows of a key have the order
/// of commits. Two that publish under two keys in different order can wait for each other; PostgreSQL fails one of them (SQLSTATE 40P01).
/// Commits that published here tell the relay by NOTIFY, and the server lets one such commit through at a time.
/// </remarks>
public static class PostgresOutbox
{
    /// <summary>The table's schema, and the channel that the relay is told on.</summary>
    internal const string Schema = "encore_outbox";

    /// <summary>What the table is locked by while it is made, and by whom the relay leads.</summary>
    internal const string LockKey = "encore-outbox";

    private const string Definition = """
        CREATE SCHEMA encore_outbox;
        CREATE TABLE encore_outbox.message (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL,
            topic text NOT NULL,
            body bytea NOT NULL,
            attributes bytea,
            ordering_key bytea,
            deduplication_id text NOT NULL,
            deliver_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            failures int NOT NULL DEFAULT 0,
            retry_at timestamptz,
            error text) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
        CREATE INDEX message_retry ON encore_outbox.message (retry_at) WHERE retry_at IS NOT NULL;
        """;

    private const string Insert = """
        INSERT INTO encore_outbox.message (id, topic, body, attributes, ordering_key, deduplication_id, deliver_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>Looks that the table is there, and makes it if it may.</summary>
    /// <param name="source">Connections to the application's database.</param>
    /// <param name="provision">Whether to make it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is missing, one line; empty where it is there.</returns>
    /// <exception cref="BrokerException">The database can't be reached, or the user may not make the table.</exception>
    public static async Task<IReadOnlyList<string>> PrepareAsync(NpgsqlDataSource source, bool provision, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var place = $"{settings.Host}:{settings.Port}/{settings.Database}";
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            if (await IsThereAsync(connection, cancellation).ConfigureAwait(false))
            {
                return [];
            }

            if (!provision)
            {
                return [$"table {Schema}.message for messages that are published with a transaction, in PostgreSQL at {place}"];
            }

            await CreateAsync(connection, cancellation).ConfigureAwait(false);
            return [];
        }
        catch (PostgresException exception) when (exception.SqlState == "42501")
        {
            throw new BrokerException(
                $"the user may not make the table {Schema}.message in PostgreSQL at {place}: {exception.MessageText}",
                $"let an administrator run there: CREATE SCHEMA {Schema} and its table, or grant CREATE on the database",
                isTransient: false,
                exception);
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            throw BrokerErrors.Explain(exception, "prepare the outbox", place);
        }
    }

    /// <summary>Adds a message to what a transaction does.</summary>
    /// <param name="connection">A connection in a transaction.</param>
    /// <param name="topic">The topic's name in the application.</param>
    /// <param name="message">The message. Its body is the caller's again when the task ends.</param>
    /// <param name="cancellation">Ends the wait; the transaction is of no use then.</param>
    /// <returns>The message's id: by which the broker knows it again, unless it has a deduplication id of its own.</returns>
    public static async Task<string> InsertAsync(NpgsqlConnection connection, string topic, OutgoingMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var id = Guid.CreateVersion7();
        await using var batch = new NpgsqlBatch(connection);
        if (message.OrderingKey is { } key)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)") { Parameters = { new() { Value = LockOf(topic, key) } } });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = topic },
                new() { Value = message.Body, NpgsqlDbType = NpgsqlDbType.Bytea },
                Nullable(MessageBytes.Write(message.Attributes), NpgsqlDbType.Bytea),
                Nullable(message.OrderingKey is null ? null : Encoding.UTF8.GetBytes(message.OrderingKey), NpgsqlDbType.Bytea),
                new() { Value = message.DeduplicationId is { } given ? MessageBytes.Text(given) : id.ToString() },
                Nullable(message.DeliverAt?.UtcDateTime, NpgsqlDbType.TimestampTz),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_notify('{Schema}', '')"));
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return id.ToString();
    }

    /// <summary>Whether the table is there.</summary>
    internal static async Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT to_regclass('{Schema}.message') IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }

    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (var locking = new NpgsqlCommand($"SELECT pg_advisory_xact_lock(hashtextextended('{LockKey}:make', 0))", connection))
        {
            await locking.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        if (!await IsThereAsync(connection, cancellation).ConfigureAwait(false))
        {
            await using var command = new NpgsqlCommand(Definition, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    // Two keys that meet only wait for each other without need.
    private static long LockOf(string topic, string key) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{LockKey}\0{topic}\0{key}")));
}

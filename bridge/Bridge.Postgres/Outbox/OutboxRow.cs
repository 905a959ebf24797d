using System.Text;
using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.Outbox;

/// <summary>A message that waits in an outbox.</summary>
/// <param name="Position">Its place.</param>
/// <param name="Topic">The topic's name in the application.</param>
/// <param name="Failures">How often its broker has refused it.</param>
/// <param name="Message">The message.</param>
internal sealed record OutboxRow(long Position, string Topic, int Failures, OutgoingMessage Message);

/// <summary>Reads an outbox, and deletes from it what is published.</summary>
internal static class OutboxRows
{
    private const string Select = """
        SELECT position, topic, failures, body, attributes, ordering_key, deduplication_id, deliver_at FROM encore_outbox.message m
        WHERE (retry_at IS NULL OR retry_at <= now()) AND topic <> ALL ($1)
            AND (ordering_key IS NULL OR NOT EXISTS (
                SELECT FROM encore_outbox.message b
                WHERE b.retry_at > now() AND b.topic = m.topic AND b.ordering_key = m.ordering_key AND b.position < m.position))
        ORDER BY position LIMIT $2
        """;

    /// <summary>The first that may be published: none that waits, none behind one of its key that waits.</summary>
    /// <param name="connection">Where to ask.</param>
    /// <param name="resting">Topics whose messages stay for now.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static async Task<List<OutboxRow>> ReadAsync(NpgsqlConnection connection, string[] resting, int max, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = resting }, new() { Value = max } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<OutboxRow> rows = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    /// <summary>Deletes rows.</summary>
    internal static Task DeleteAsync(NpgsqlConnection connection, long[] positions, CancellationToken cancellation) =>
        ExecuteAsync(connection, "DELETE FROM encore_outbox.message WHERE position = ANY ($1)", [new() { Value = positions }], cancellation);

    /// <summary>Has a row wait.</summary>
    internal static Task PostponeAsync(NpgsqlConnection connection, long position, TimeSpan time, string error, CancellationToken cancellation) =>
        ExecuteAsync(
            connection,
            "UPDATE encore_outbox.message SET failures = failures + 1, retry_at = now() + $2, error = $3 WHERE position = $1",
            [new() { Value = position }, new() { Value = time, NpgsqlDbType = NpgsqlDbType.Interval }, new() { Value = MessageBytes.Text(error) }],
            cancellation);

    private static OutboxRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetInt32(2),
        new OutgoingMessage
        {
            Body = reader.GetFieldValue<byte[]>(3),
            Attributes = MessageBytes.Read(reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4)),
            OrderingKey = reader.IsDBNull(5) ? null : Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(5)),
            DeduplicationId = reader.GetString(6),
            DeliverAt = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
        });

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}

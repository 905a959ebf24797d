using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.PubSub;

/// <summary>Enters messages into the tables.</summary>
internal sealed class PublishStatement(BrokerSchema schema)
{
    // Numbers are given in the order of commits within an ordered topic: a message that is visible has no earlier one still to come.
    private readonly string _lock = """
        SELECT pg_advisory_xact_lock(hashtextextended($1 || ':' || t.id, 0)) FROM (SELECT unnest($2) AS id ORDER BY 1) t
        """;

    private readonly string _insert = $"""
        WITH given AS MATERIALIZED (
            SELECT g.*, nextval('{schema.Quoted.Replace("'", "''", StringComparison.Ordinal)}.message_id') AS id
            FROM unnest($1::int[], $2::bytea[], $3::bytea[], $4::uuid[], $5::uuid[], $6::interval[], $7::timestamptz[])
                WITH ORDINALITY AS g (topic, body, attributes, ordering_key, deduplication, retention, deliver_at, place)
        ), claimed AS (
            INSERT INTO {schema.Quoted}.deduplication (topic, id, message, expires_at)
            SELECT topic, deduplication, id, now() + retention FROM given WHERE deduplication IS NOT NULL ORDER BY topic, deduplication, id
            ON CONFLICT DO NOTHING RETURNING message
        ), fresh AS MATERIALIZED (
            SELECT * FROM given WHERE deduplication IS NULL OR id IN (SELECT message FROM claimed)
        ), stored AS (
            INSERT INTO {schema.Quoted}.message (id, topic, published_at, attributes, body)
            SELECT id, topic, now(), attributes, body FROM fresh f
            WHERE EXISTS (SELECT FROM {schema.Quoted}.subscription s WHERE s.topic = f.topic)
        ), queued AS (
            INSERT INTO {schema.Quoted}.delivery (message, subscription, position, since, visible_at, ordering_key)
            SELECT f.id, s.id, f.id, greatest(now(), f.deliver_at), greatest(now(), f.deliver_at), f.ordering_key
            FROM fresh f JOIN {schema.Quoted}.subscription s ON s.topic = f.topic
        )
        SELECT place, id FROM fresh
        """;

    private readonly string _known = $"""
        SELECT g.place, d.message FROM unnest($1::int[], $2::uuid[]) WITH ORDINALITY AS g (topic, id, place)
        JOIN {schema.Quoted}.deduplication d ON d.topic = g.topic AND d.id = g.id
        """;

    /// <summary>Enters messages in their order, in one transaction.</summary>
    /// <returns>The number of each; where it was published before, that of the first.</returns>
    internal async Task<long[]> RunAsync(NpgsqlConnection connection, List<PublishItem> items)
    {
        await using var batch = new NpgsqlBatch(connection);
        var ordered = items.Where(item => item.IsOrdered).Select(item => item.Topic).Distinct().ToArray();
        if (ordered.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(_lock) { Parameters = { new() { Value = schema.LockKey }, new() { Value = ordered } } });
        }

        batch.BatchCommands.Add(Insert(items));
        var ids = new long[items.Count];
        await using (var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false))
        {
            if (ordered.Length > 0)
            {
                await reader.NextResultAsync().ConfigureAwait(false);
            }

            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                ids[reader.GetInt64(0) - 1] = reader.GetInt64(1);
            }
        }

        if (ids.Contains(0))
        {
            await FindKnownAsync(connection, items, ids).ConfigureAwait(false);
        }

        return ids;
    }

    private NpgsqlBatchCommand Insert(List<PublishItem> items) => new(_insert)
    {
        Parameters =
        {
            new() { Value = items.Select(item => item.Topic).ToArray() },
            new() { Value = items.Select(item => item.Body).ToArray() },
            new() { Value = items.Select(item => item.Attributes).ToArray() },
            new() { Value = items.Select(item => item.Key).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = items.Select(item => item.Deduplication).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = items.Select(item => item.Retention).ToArray() },
            new() { Value = items.Select(item => item.DeliverAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
        },
    };

    private async Task FindKnownAsync(NpgsqlConnection connection, List<PublishItem> items, long[] ids)
    {
        var places = Enumerable.Range(0, ids.Length).Where(at => ids[at] == 0).ToArray();
        await using var command = new NpgsqlCommand(_known, connection)
        {
            Parameters =
            {
                new() { Value = places.Select(at => items[at].Topic).ToArray() },
                new() { Value = places.Select(at => items[at].Deduplication).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            ids[places[reader.GetInt64(0) - 1]] = reader.GetInt64(1);
        }
    }
}

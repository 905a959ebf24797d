using Bridge.Core.PubSub;
using Npgsql;
using NpgsqlTypes;

namespace Bridge.Postgres.PubSub;

/// <summary>A subscription's messages that were given up.</summary>
internal sealed class PostgresDeadLetters(BrokerSubscription subscription, BrokerCatalog catalog, BrokerConnections connections, BrokerSchema schema, WakeUps wakeUps) : IDeadLetters
{
    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellation) =>
        RunAsync($"SELECT count(*) FROM {schema.Quoted}.dead_letter WHERE subscription = $1", null, false, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var place = await catalog.SubscriptionAsync(subscription, cancellation).ConfigureAwait(false);
        var text = $"""
            SELECT l.message, m.published_at, l.died_at, l.attempts, l.cause, l.reason, m.attributes, m.body
            FROM {schema.Quoted}.dead_letter l JOIN {schema.Quoted}.message m ON m.id = l.message
            WHERE l.subscription = $1 ORDER BY l.died_at, l.message LIMIT $2
            """;
        return await connections.UseAsync<IReadOnlyList<DeadLetter>>(
            $"list dead letters of the subscription {subscription.Name}",
            async (connection, ending) =>
            {
                await using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = place.Number }, new() { Value = max } } };
                await using var reader = await command.ExecuteReaderAsync(ending).ConfigureAwait(false);
                List<DeadLetter> letters = [];
                while (await reader.ReadAsync(ending).ConfigureAwait(false))
                {
                    letters.Add(Read(reader));
                }

                return letters;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        // Of a key, they come after what was published since: what waits behind them doesn't know of them.
        var text = $"""
            WITH gone AS (
                DELETE FROM {schema.Quoted}.dead_letter WHERE subscription = $1 AND ($2 IS NULL OR message = ANY ($2)) RETURNING message, died_at, ordering_key
            ), placed AS MATERIALIZED (
                SELECT o.*, nextval('{schema.Quoted.Replace("'", "''", StringComparison.Ordinal)}.message_id') AS position
                FROM (SELECT * FROM gone ORDER BY died_at, message) o
            ), back AS (
                INSERT INTO {schema.Quoted}.delivery (message, subscription, position, since, visible_at, ordering_key)
                SELECT message, $1, position, now(), now(), ordering_key FROM placed RETURNING 1
            )
            SELECT count(*) FROM back
            """;
        return RunAsync(text, ids, true, cancellation);
    }

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var text = $"""
            WITH gone AS (
                DELETE FROM {schema.Quoted}.dead_letter WHERE subscription = $1 AND ($2 IS NULL OR message = ANY ($2)) RETURNING message
            ), bodies AS (
                DELETE FROM {schema.Quoted}.message m USING gone g WHERE m.id = g.message
                    AND NOT EXISTS (SELECT FROM {schema.Quoted}.delivery o WHERE o.message = m.id)
                    AND NOT EXISTS (SELECT FROM {schema.Quoted}.dead_letter l WHERE l.message = m.id AND l.subscription <> $1)
            )
            SELECT count(*) FROM gone
            """;
        return RunAsync(text, ids, true, cancellation);
    }

    private static DeadLetter Read(NpgsqlDataReader reader)
    {
        var id = MessageNumbers.Write(reader.GetInt64(0));
        return new DeadLetter
        {
            Id = id,
            MessageId = id,
            PublishedAt = reader.GetFieldValue<DateTimeOffset>(1),
            DiedAt = reader.GetFieldValue<DateTimeOffset>(2),
            Attempts = reader.GetInt32(3),
            Reason = new DeadLetterReason((DeadLetterCause)reader.GetInt16(4), reader.GetString(5)),
            Attributes = MessageBytes.Read(reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6)),
            Body = reader.GetFieldValue<byte[]>(7),
        };
    }

    private async Task<long> RunAsync(string text, IReadOnlyCollection<string>? ids, bool hasIds, CancellationToken cancellation)
    {
        var place = await catalog.SubscriptionAsync(subscription, cancellation).ConfigureAwait(false);
        return await connections.UseAsync(
            $"work on dead letters of the subscription {subscription.Name}",
            async (connection, ending) =>
            {
                await using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = place.Number } } };
                if (hasIds)
                {
                    command.Parameters.Add(new NpgsqlParameter { Value = ids is null ? DBNull.Value : MessageNumbers.Read(ids), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
                }

                var count = await command.ExecuteScalarAsync(ending).ConfigureAwait(false) as long? ?? 0;
                await wakeUps.TellAsync(connection, [place.TopicNumber]).ConfigureAwait(false);
                return count;
            },
            cancellation).ConfigureAwait(false);
    }
}

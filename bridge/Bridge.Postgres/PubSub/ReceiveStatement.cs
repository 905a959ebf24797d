using Bridge.Core.PubSub;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>Leases messages that are due.</summary>
internal sealed class ReceiveStatement
{
    // More than are wanted, since other processes may hold some of them locked just now.
    private const int Spare = 64;

    private readonly string _text;
    private readonly bool _isOrdered;
    private readonly BrokerSchema _schema;

    /// <summary>Prepares the texts.</summary>
    /// <param name="schema">The tables.</param>
    /// <param name="isOrdered">Whether the topic's messages may have keys.</param>
    internal ReceiveStatement(BrokerSchema schema, bool isOrdered)
    {
        (_schema, _isOrdered) = (schema, isOrdered);
        _text = isOrdered ? OrderedText() : $"WITH RECURSIVE {Free()} {Lease("SELECT message FROM free")}";
    }

    /// <summary>Leases messages.</summary>
    /// <param name="source">The source they are for.</param>
    /// <param name="connection">Where to ask.</param>
    /// <param name="isDurable">Whether a lease outlasts a crash of the server. Without, those of the last moments may be delivered again.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The messages, oldest first; where there are none, the time until one comes due that is known of, null for unknown.</returns>
    internal async Task<(List<Delivery> Deliveries, TimeSpan? NextDue)> RunAsync(
        PostgresSource source, NpgsqlConnection connection, bool isDurable, int max, CancellationToken cancellation)
    {
        var lease = Guid.NewGuid();
        var deliveries = new List<(long Position, Delivery Delivery)>();
        DateTime asked;
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (!isDurable)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
            }

            batch.BatchCommands.Add(Command(source, max, lease));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT now()"));
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            if (!isDurable)
            {
                await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            }

            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                deliveries.Add((reader.GetInt64(1), Read(reader, source, lease)));
            }

            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            await reader.ReadAsync(cancellation).ConfigureAwait(false);
            asked = await reader.GetFieldValueAsync<DateTime>(0, cancellation).ConfigureAwait(false);
        }

        if (deliveries.Count == 0)
        {
            return ([], await NextDueAsync(connection, source.Number, asked, cancellation).ConfigureAwait(false));
        }

        return ([.. deliveries.OrderBy(found => found.Position).Select(found => found.Delivery)], null);
    }

    private static PostgresDelivery Read(NpgsqlDataReader reader, PostgresSource source, Guid lease)
    {
        var message = reader.GetInt64(0);
        return new PostgresDelivery(source, message, lease, source.Subscription.AckDeadline)
        {
            MessageId = MessageNumbers.Write(message),
            Attempt = reader.GetInt32(2),
            PublishedAt = reader.GetFieldValue<DateTimeOffset>(3),
            Attributes = MessageBytes.Read(reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4)),
            Body = reader.GetFieldValue<byte[]>(5),
        };
    }

    private NpgsqlBatchCommand Command(PostgresSource source, int max, Guid lease)
    {
        var command = new NpgsqlBatchCommand(_text)
        {
            Parameters =
            {
                new() { Value = source.Number },
                new() { Value = max },
                new() { Value = source.Subscription.AckDeadline },
                new() { Value = lease },
            },
        };
        if (_isOrdered)
        {
            // Where to begin among the keys: by chance, so that none waits for ever behind others.
            command.Parameters.Add(new NpgsqlParameter { Value = Guid.NewGuid() });
        }

        return command;
    }

    /// <summary>The time until the first message comes due that wasn't when it was asked for any.</summary>
    private async Task<TimeSpan?> NextDueAsync(NpgsqlConnection connection, int subscription, DateTime asked, CancellationToken cancellation)
    {
        var text = $"""
            SELECT least(
                (SELECT min(visible_at) FROM {_schema.Quoted}.delivery WHERE subscription = $1 AND ordering_key IS NULL AND visible_at > $2),
                (SELECT min(visible_at) FROM {_schema.Quoted}.delivery WHERE subscription = $1 AND ordering_key IS NOT NULL AND visible_at > $2)) - now()
            """;
        await using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = subscription }, new() { Value = asked } } };
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as TimeSpan?;
    }

    private string Free() => $"""
        free AS (
            SELECT d.message FROM {_schema.Quoted}.delivery d
            WHERE d.subscription = $1 AND d.ordering_key IS NULL AND d.visible_at <= now()
            ORDER BY d.visible_at, d.position LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        """;

    private string Lease(string due) => $"""
        UPDATE {_schema.Quoted}.delivery d SET visible_at = now() + $3, lease = $4, attempts = d.attempts + 1
        FROM ({due}) due JOIN {_schema.Quoted}.message m ON m.id = due.message
        WHERE d.subscription = $1 AND d.message = due.message
        RETURNING d.message, d.position, d.attempts, d.since, m.attributes, m.body
        """;

    /// <summary>
    /// Of each key only the first message counts, due or not. The keys are walked along their index, and the walk ends as soon as enough are
    /// found: what it costs depends on how many keys are being handled or wait for a retry, not on how many messages wait.
    /// </summary>
    private string OrderedText() => $"""
        WITH RECURSIVE after AS ({Walk(">=", "after", "")}), before AS ({Walk(">=", "before", "AND d.ordering_key < $5")}),
        heads AS (
            SELECT message FROM (SELECT message, visible_at FROM after UNION ALL SELECT message, visible_at FROM before) h
            WHERE h.visible_at <= now() LIMIT $2 + {Spare}
        ), keyed AS (
            SELECT d.message FROM heads h JOIN {_schema.Quoted}.delivery d ON d.message = h.message
            WHERE d.subscription = $1 AND d.visible_at <= now() LIMIT $2 FOR UPDATE OF d SKIP LOCKED
        ), {Free()}
        {Lease("SELECT message FROM (SELECT message FROM keyed UNION ALL SELECT message FROM free) both_kinds LIMIT $2")}
        """;

    private string Walk(string from, string name, string bound)
    {
        var columns = $"SELECT d.ordering_key, d.message, d.visible_at FROM {_schema.Quoted}.delivery d WHERE d.subscription = $1";
        var start = bound.Length == 0 ? $"AND d.ordering_key {from} $5" : $"AND d.ordering_key IS NOT NULL {bound}";
        return $"""
            ({columns} {start} ORDER BY d.ordering_key, d.position LIMIT 1)
            UNION ALL
            SELECT n.* FROM {name} h CROSS JOIN LATERAL
                ({columns} AND d.ordering_key > h.ordering_key {bound} ORDER BY d.ordering_key, d.position LIMIT 1) n
            """;
    }
}

using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>Takes note of what became of leased messages. Each statement does the same when it is run a second time: nothing.</summary>
internal sealed class SettleStatements(BrokerSchema schema)
{
    // A message goes with the last subscription that has it. Where two end it at the same moment, each sees the other's row: the sweep deletes it.
    private readonly string _acknowledge = $"""
        WITH gone AS (
            DELETE FROM {schema.Quoted}.delivery d USING unnest($2::bigint[], $3::uuid[]) AS a (message, lease)
            WHERE d.message = a.message AND d.subscription = $1 AND d.lease = a.lease RETURNING d.message
        )
        DELETE FROM {schema.Quoted}.message m USING gone g WHERE m.id = g.message
            AND NOT EXISTS (SELECT FROM {schema.Quoted}.delivery o WHERE o.message = m.id AND o.subscription <> $1)
            AND NOT EXISTS (SELECT FROM {schema.Quoted}.dead_letter l WHERE l.message = m.id)
        """;

    private readonly string _return = $"""
        UPDATE {schema.Quoted}.delivery d SET visible_at = now() + a.delay, lease = NULL, attempts = d.attempts - a.undone
        FROM unnest($2::bigint[], $3::uuid[], $4::interval[], $5::int[]) AS a (message, lease, delay, undone)
        WHERE d.message = a.message AND d.subscription = $1 AND d.lease = a.lease
        """;

    private readonly string _deadLetter = $"""
        WITH gone AS (
            DELETE FROM {schema.Quoted}.delivery d USING unnest($2::bigint[], $3::uuid[], $4::smallint[], $5::text[]) AS a (message, lease, cause, reason)
            WHERE d.message = a.message AND d.subscription = $1 AND d.lease = a.lease
            RETURNING d.message, d.attempts, d.ordering_key, a.cause, a.reason
        )
        INSERT INTO {schema.Quoted}.dead_letter (message, subscription, died_at, attempts, ordering_key, cause, reason)
        SELECT message, $1, clock_timestamp(), attempts, ordering_key, cause, reason FROM gone
        """;

    private readonly string _extend = $"""
        UPDATE {schema.Quoted}.delivery d SET visible_at = now() + $4
        FROM unnest($2::bigint[], $3::uuid[]) AS a (message, lease)
        WHERE d.message = a.message AND d.subscription = $1 AND d.lease = a.lease
        """;

    /// <summary>Runs what all of them ask for in one transaction.</summary>
    internal async Task RunAsync(NpgsqlConnection connection, int subscription, IReadOnlyCollection<Settlement> settlements, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var kind in settlements.GroupBy(settlement => settlement.Kind).OrderBy(kind => kind.Key))
        {
            batch.BatchCommands.Add(Command(subscription, kind.Key, [.. kind.OrderBy(settlement => settlement.Delivery.Message)]));
        }

        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private NpgsqlBatchCommand Command(int subscription, SettlementKind kind, List<Settlement> settlements)
    {
        var command = new NpgsqlBatchCommand
        {
            Parameters =
            {
                new() { Value = subscription },
                new() { Value = settlements.Select(settlement => settlement.Delivery.Message).ToArray() },
                new() { Value = settlements.Select(settlement => settlement.Delivery.LeaseId).ToArray() },
            },
        };
        switch (kind)
        {
            case SettlementKind.Acknowledge:
                command.CommandText = _acknowledge;
                break;
            case SettlementKind.Return:
                command.CommandText = _return;
                command.Parameters.Add(new NpgsqlParameter { Value = settlements.Select(settlement => settlement.Delay).ToArray() });
                command.Parameters.Add(new NpgsqlParameter { Value = settlements.Select(settlement => settlement.UndoneAttempts).ToArray() });
                break;
            case SettlementKind.DeadLetter:
                command.CommandText = _deadLetter;
                command.Parameters.Add(new NpgsqlParameter { Value = settlements.Select(settlement => (short)(settlement.Reason?.Cause ?? default)).ToArray() });
                command.Parameters.Add(new NpgsqlParameter { Value = settlements.Select(settlement => MessageBytes.Text(settlement.Reason?.Text ?? "")).ToArray() });
                break;
            default:
                command.CommandText = _extend;
                command.Parameters.Add(new NpgsqlParameter { Value = settlements[0].Delivery.Lease ?? TimeSpan.Zero });
                break;
        }

        return command;
    }
}

using Bridge.Core.PubSub;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>Deletes what is of no use any more: one of all processes at a time, now and then.</summary>
internal sealed class Sweeper(BrokerConnections connections, BrokerSchema schema, TimeSpan? deadLetterRetention) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A transaction at a time stays short.
    private const int MaxRows = 5000;

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private Task? _running;

    /// <summary>Begins, the first time.</summary>
    internal void Start()
    {
        lock (_lock)
        {
            _running ??= Task.Run(RunAsync);
        }
    }

    /// <summary>Deletes what is of no use now, unless another process is at it.</summary>
    /// <returns>How many rows.</returns>
    internal async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var text in Statements())
        {
            int deleted;
            do
            {
                deleted = await connections.UseAsync("delete what is of no use any more", (connection, ending) => DeleteAsync(connection, text, ending), cancellation).ConfigureAwait(false);
                count += deleted;
            }
            while (deleted >= MaxRows);
        }

        return count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await (_running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private IEnumerable<string> Statements()
    {
        yield return $"DELETE FROM {schema.Quoted}.deduplication WHERE (topic, id) IN (SELECT topic, id FROM {schema.Quoted}.deduplication WHERE expires_at < now() LIMIT {MaxRows})";
        if (deadLetterRetention is { } retention)
        {
            var seconds = FormattableString.Invariant($"{retention.TotalSeconds:0.###}");
            yield return $"""
                DELETE FROM {schema.Quoted}.dead_letter WHERE (message, subscription) IN
                    (SELECT message, subscription FROM {schema.Quoted}.dead_letter WHERE died_at < now() - interval '{seconds} seconds' LIMIT {MaxRows})
                """;
        }

        yield return $"""
            DELETE FROM {schema.Quoted}.message WHERE id IN (
                SELECT m.id FROM {schema.Quoted}.message m
                WHERE NOT EXISTS (SELECT FROM {schema.Quoted}.delivery d WHERE d.message = m.id)
                    AND NOT EXISTS (SELECT FROM {schema.Quoted}.dead_letter l WHERE l.message = m.id)
                LIMIT {MaxRows})
            """;
    }

    private async Task<int> DeleteAsync(NpgsqlConnection connection, string text, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var locking = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = schema.LockKey + ":sweep" } } };
        var count = 0;
        if (await locking.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
        {
            await using var command = new NpgsqlCommand(text, connection);
            count = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return count;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
        {
            try
            {
                await SweepAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (BrokerException)
            {
                // The next time, or another process: nothing waits for it.
            }
        }
    }
}

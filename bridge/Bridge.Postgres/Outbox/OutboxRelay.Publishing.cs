using Bridge.Core.PubSub;
using Npgsql;

namespace Bridge.Postgres.Outbox;

/// <content>A batch's way.</content>
public sealed partial class OutboxRelay
{
    /// <summary>Publishes the first messages, those of different topics side by side, and deletes what the brokers have.</summary>
    /// <returns>Whether there may be more to publish at once: what wasn't taken isn't found again for a while.</returns>
    private async Task<bool> PublishSomeAsync(NpgsqlConnection connection, RestingTopics resting)
    {
        if (!await PostgresOutbox.IsThereAsync(connection, _ending.Token).ConfigureAwait(false))
        {
            return false;
        }

        var rows = await OutboxRows.ReadAsync(connection, resting.Names, MaxRows, _ending.Token).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return false;
        }

        var ends = await Task.WhenAll(rows.GroupBy(row => row.Topic).Select(topic => PublishAsync(topic.Key, [.. topic]))).ConfigureAwait(false);

        // Not cancelled: what the brokers have is to be gone.
        var taken = ends.SelectMany(end => end.Taken).ToArray();
        if (taken.Length > 0)
        {
            await OutboxRows.DeleteAsync(connection, taken, CancellationToken.None).ConfigureAwait(false);
        }

        foreach (var end in ends)
        {
            await PostponeAsync(connection, end, resting).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<TopicEnd> PublishAsync(string topic, List<OutboxRow> rows)
    {
        try
        {
            if (_publishers(topic) is not { } publisher)
            {
                var unknown = new BrokerException(
                    $"the outbox of the database {_database} holds messages of the topic {topic}, which the application doesn't have",
                    "deploy an application that has it, or delete the rows of encore_outbox.message",
                    isTransient: false);
                return new TopicEnd(topic, [], [.. rows.Select(row => (row, (Exception)unknown))]);
            }

            var results = await publisher.PublishAsync([.. rows.Select(row => row.Message)], CancellationToken.None).ConfigureAwait(false);
            var pairs = rows.Zip(results).ToList();
            return new TopicEnd(
                topic,
                [.. pairs.Where(pair => pair.Second.Error is null).Select(pair => pair.First.Position)],
                [.. pairs.Where(pair => pair.Second.Error is not null).Select(pair => (pair.First, pair.Second.Error ?? new BrokerException("not taken")))]);
        }
        catch (Exception exception)
        {
            // Justification: a publisher that throws keeps no other topic's messages from being published.
            return new TopicEnd(topic, [], [.. rows.Select(row => (row, exception))]);
        }
    }

    /// <summary>A message that its broker refuses for good waits alone, with those of its key; a broker that is gone has the topic rest.</summary>
    private async Task PostponeAsync(NpgsqlConnection connection, TopicEnd end, RestingTopics resting)
    {
        if (end.Failed.Count == 0)
        {
            resting.Wake(end.Topic);
            return;
        }

        foreach (var (row, error) in end.Failed)
        {
            if (error is BrokerException { IsTransient: false })
            {
                var pause = RestingTopics.PauseAfter(row.Failures + 1);
                await OutboxRows.PostponeAsync(connection, row.Position, pause, error.Message, CancellationToken.None).ConfigureAwait(false);
                _observer?.PublishingFailed(_database, end.Topic, error, pause);
            }
        }

        if (end.Failed.Find(failed => failed.Error is not BrokerException { IsTransient: false }).Error is { } transient)
        {
            _observer?.PublishingFailed(_database, end.Topic, transient, resting.Rest(end.Topic));
        }
    }

    /// <summary>What became of one topic's messages.</summary>
    private sealed record TopicEnd(string Topic, List<long> Taken, List<(OutboxRow Row, Exception Error)> Failed);
}

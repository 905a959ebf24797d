using Bridge.Core.PubSub;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>The numbers of topics and subscriptions in the tables. Thread: any.</summary>
/// <param name="connections">Where the tables are.</param>
/// <param name="schema">The tables.</param>
/// <param name="topics">All topics that this broker carries.</param>
internal sealed class BrokerCatalog(BrokerConnections connections, BrokerSchema schema, IReadOnlyList<BrokerTopic> topics)
{
    private volatile Numbers? _numbers;

    /// <summary>All topics and subscriptions, as lines of what is missing.</summary>
    internal List<string> All => Compare(new Numbers(new Dictionary<string, int>(StringComparer.Ordinal), []));

    /// <summary>A topic's number.</summary>
    /// <exception cref="BrokerException">It isn't there, or that can't be known now.</exception>
    internal async ValueTask<int> TopicAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var numbers = _numbers is { } known && known.Topics.ContainsKey(topic.Address) ? known : await LoadAsync(cancellation).ConfigureAwait(false);
        return numbers.Topics.TryGetValue(topic.Address, out var number) ? number : throw Missing($"topic {topic.Address}");
    }

    /// <summary>A subscription's number and its topic.</summary>
    /// <exception cref="BrokerException">It isn't there, or that can't be known now.</exception>
    internal async ValueTask<(int Number, int TopicNumber, BrokerTopic Topic)> SubscriptionAsync(BrokerSubscription subscription, CancellationToken cancellation)
    {
        var topic = topics.FirstOrDefault(topic => topic.Name == subscription.Topic)
            ?? throw new ArgumentException($"the broker doesn't carry the topic {subscription.Topic}", nameof(subscription));
        var topicNumber = await TopicAsync(topic, cancellation).ConfigureAwait(false);
        var numbers = _numbers is { } known && known.Subscriptions.ContainsKey((topicNumber, subscription.Address)) ? known : await LoadAsync(cancellation).ConfigureAwait(false);
        return numbers.Subscriptions.TryGetValue((topicNumber, subscription.Address), out var number)
            ? (number, topicNumber, topic)
            : throw Missing($"subscription {subscription.Address} of topic {topic.Address}");
    }

    /// <summary>Looks that topics and subscriptions are there, and enters them if it may.</summary>
    /// <param name="connection">A connection in a transaction that keeps others from doing the same.</param>
    /// <param name="provision">Whether to enter what is missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is missing, a line each.</returns>
    internal async Task<List<string>> PrepareAsync(NpgsqlConnection connection, bool provision, CancellationToken cancellation)
    {
        var missing = Compare(await ReadAsync(connection, cancellation).ConfigureAwait(false));
        if (!provision || missing.Count == 0)
        {
            return missing;
        }

        await ExecuteAsync(
            connection,
            $"INSERT INTO {schema.Quoted}.topic (address) SELECT unnest($1) ON CONFLICT DO NOTHING",
            [.. topics.Select(topic => topic.Address).Distinct(StringComparer.Ordinal)],
            null,
            cancellation).ConfigureAwait(false);
        var pairs = topics.SelectMany(topic => topic.Subscriptions.Select(subscription => (Topic: topic.Address, subscription.Address))).Distinct().ToList();
        await ExecuteAsync(
            connection,
            $"INSERT INTO {schema.Quoted}.subscription (topic, address) SELECT t.id, a.address FROM unnest($1, $2) a (topic, address) JOIN {schema.Quoted}.topic t ON t.address = a.topic ON CONFLICT DO NOTHING",
            [.. pairs.Select(pair => pair.Topic)],
            [.. pairs.Select(pair => pair.Address)],
            cancellation).ConfigureAwait(false);
        return [];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, string[] first, string[]? second, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = first } } };
        if (second is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = second });
        }

        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<Numbers> LoadAsync(CancellationToken cancellation) =>
        _numbers = await connections.UseAsync("read its topics", ReadAsync, cancellation).ConfigureAwait(false);

    private async Task<Numbers> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var numbers = new Numbers(new Dictionary<string, int>(StringComparer.Ordinal), []);
        await using var command = new NpgsqlCommand(
            $"SELECT t.id, t.address, s.id, s.address FROM {schema.Quoted}.topic t LEFT JOIN {schema.Quoted}.subscription s ON s.topic = t.id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            numbers.Topics[reader.GetString(1)] = reader.GetInt32(0);
            if (!await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false))
            {
                numbers.Subscriptions[(reader.GetInt32(0), reader.GetString(3))] = reader.GetInt32(2);
            }
        }

        return numbers;
    }

    private List<string> Compare(Numbers numbers)
    {
        List<string> missing = [];
        foreach (var topic in topics)
        {
            var isThere = numbers.Topics.TryGetValue(topic.Address, out var number);
            if (!isThere)
            {
                missing.Add($"topic {topic.Address}, a row of {schema.Name}.topic in PostgreSQL at {connections.Place}");
            }

            missing.AddRange(topic.Subscriptions
                .Where(subscription => !isThere || !numbers.Subscriptions.ContainsKey((number, subscription.Address)))
                .Select(subscription => $"subscription {subscription.Address} of topic {topic.Address}, a row of {schema.Name}.subscription in PostgreSQL at {connections.Place}"));
        }

        return missing;
    }

    private BrokerException Missing(string what) =>
        new($"PostgreSQL at {connections.Place} has no {what} in schema {schema.Name}", "start with provision on, or let an administrator enter it", isTransient: false);

    private sealed record Numbers(Dictionary<string, int> Topics, Dictionary<(int Topic, string Address), int> Subscriptions);
}

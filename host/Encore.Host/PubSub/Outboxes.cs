using Bridge.Core.PubSub;
using Bridge.Postgres.Outbox;
using Encore.Host.Databases;
using Npgsql;

namespace Encore.Host.PubSub;

/// <summary>Publishes what transactions have published, from each of the application's databases.</summary>
internal sealed class Outboxes : IAsyncDisposable
{
    // The relay's own, so that a small pool is the application's alone.
    private const int MaxConnections = 1;

    private readonly List<(OutboxRelay Relay, NpgsqlDataSource Source)> _relays;

    /// <summary>Begins.</summary>
    /// <param name="databases">The application's databases.</param>
    /// <param name="publishers">What publishes to each topic, by the topic's name.</param>
    /// <param name="observer">Told of failures.</param>
    /// <param name="time">The clock.</param>
    public Outboxes(
        ApplicationDatabases databases, IReadOnlyDictionary<string, ITopicPublisher> publishers, IOutboxObserver observer, TimeProvider time) =>
        _relays = [.. databases.All.Select(database =>
        {
            var source = database.Address.CreateBuilder(target => (target.MinPoolSize, target.MaxPoolSize) = (0, MaxConnections)).Build();
            return (new OutboxRelay(database.Name, source, topic => publishers.GetValueOrDefault(topic), observer, time), source);
        })];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (relay, source) in _relays)
        {
            await relay.DisposeAsync();
            await source.DisposeAsync();
        }
    }
}

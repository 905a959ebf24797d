using System.Text;
using Bridge.Core.PubSub;
using Bridge.Postgres.Outbox;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;
using Npgsql;

namespace Bridge.Postgres.Tests.Outbox;

/// <summary>A test with an application's database that has an outbox.</summary>
public abstract class OutboxTest(SharedServer shared) : DatabaseTest(shared)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<OutboxRelay> _relays = [];
    private readonly List<NpgsqlDataSource> _sources = [];

    private protected RecordingPublishers Publishers { get; } = new();

    protected NpgsqlDataSource Source => _sources[0];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Connect();
        Assert.Empty(await PostgresOutbox.PrepareAsync(Source, provision: true, CancellationToken.None));
    }

    public override async Task DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected NpgsqlDataSource Connect(string name = "test")
    {
        var source = NpgsqlDataSource.Create($"{ConnectionString};Application Name={name}");
        _sources.Add(source);
        return source;
    }

    protected OutboxRelay Relay(NpgsqlDataSource? source = null, Func<string, ITopicPublisher?>? publishers = null, IOutboxObserver? observer = null)
    {
        var relay = new OutboxRelay("db", source ?? Source, publishers ?? Publishers.Find, observer);
        _relays.Add(relay);
        return relay;
    }

    protected static OutgoingMessage NewMessage(string text, string? key = null) => new() { Body = Encoding.UTF8.GetBytes(text), OrderingKey = key };

    /// <summary>Publishes with a transaction of its own.</summary>
    protected async Task CommitAsync(string topic, params OutgoingMessage[] messages)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var message in messages)
        {
            await PostgresOutbox.InsertAsync(connection, topic, message, CancellationToken.None);
        }

        await transaction.CommitAsync();
    }

    protected async Task<long> CountAsync()
    {
        await using var command = Source.CreateCommand("SELECT count(*) FROM encore_outbox.message");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    protected static Task UntilAsync(Func<bool> holds, Func<string> state) => UntilAsync(() => Task.FromResult(holds()), state);

    protected static async Task UntilAsync(Func<Task<bool>> holds, Func<string> state)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"it doesn't come about: {state()}");
            await Task.Delay(10);
        }
    }

    private protected Task UntilTakenAsync(int count) => UntilAsync(() => Publishers.Taken.Count >= count, () => string.Join(' ', Publishers.Texts.TakeLast(20)));
}

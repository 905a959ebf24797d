using System.Text;
using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Bridge.Postgres.Tests.Servers;
using Npgsql;

namespace Bridge.Postgres.Tests.PubSub;

/// <summary>A test with a database of its own that carries topics.</summary>
[Collection(SharedServerCollection.Name)]
public abstract class BrokerTest(SharedServer shared) : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<PostgresBroker> _brokers = [];
    private NpgsqlDataSource? _source;

    protected SharedServer Shared { get; } = shared;

    protected string ConnectionString { get; private set; } = "";

    protected NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("The database is made before each test.");

    public async Task InitializeAsync()
    {
        ConnectionString = await Shared.Server.CreateDatabaseAsync("b" + Guid.NewGuid().ToString("N"));
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var broker in _brokers)
        {
            await broker.DisposeAsync();
        }

        await Source.DisposeAsync();
    }

    protected static BrokerTopic NewTopic(string name, params string[] subscriptions) => new()
    {
        Name = name,
        Address = name,
        Subscriptions = [.. subscriptions.Select(subscription => new BrokerSubscription { Topic = name, Name = subscription, Address = subscription, AckDeadline = TimeSpan.FromMinutes(1) })],
    };

    protected static OutgoingMessage NewMessage(string text, string? key = null) => new() { Body = Encoding.UTF8.GetBytes(text), OrderingKey = key };

    protected static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    protected PostgresBroker Create(BrokerTopic topic, Func<PostgresBrokerOptions, PostgresBrokerOptions>? change = null)
    {
        var options = new PostgresBrokerOptions { ConnectionString = ConnectionString, PollInterval = TimeSpan.FromSeconds(1) };
        var broker = new PostgresBroker(change?.Invoke(options) ?? options, [topic]);
        _brokers.Add(broker);
        return broker;
    }

    protected async Task<PostgresBroker> OpenAsync(BrokerTopic topic, Func<PostgresBrokerOptions, PostgresBrokerOptions>? change = null)
    {
        var broker = Create(topic, change);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    protected static async Task PublishAsync(PostgresBroker broker, BrokerTopic topic, params OutgoingMessage[] messages) =>
        Assert.All(await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None).WaitAsync(Patience), result => Assert.Null(result.Error));

    protected static async Task<List<Delivery>> ReceiveAsync(IMessageSource source, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        List<Delivery> deliveries = [];
        while (deliveries.Count < count)
        {
            deliveries.AddRange(await source.ReceiveAsync(count - deliveries.Count, patience.Token));
        }

        return deliveries;
    }

    protected async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    protected async Task RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    protected static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"it doesn't come about: {what}");
            await Task.Delay(10);
        }
    }
}

using Bridge.GooglePubSub;
using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>What every broker does, by Google Cloud Pub/Sub.</summary>
public sealed class GooglePubSubContractTests(Emulator emulator) : BrokerContract, IClassFixture<Emulator>
{
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new GooglePubSubFixture(emulator));
}

/// <summary>
/// Brokers on one emulator, whose messages live in its memory: it can't be restarted. Each has a network of its own, so that it can vanish.
/// </summary>
internal sealed class GooglePubSubFixture(Emulator emulator) : IBrokerFixture
{
    private readonly Dictionary<IMessageBroker, TcpProxy> _networks = [];

    public bool SendsToTheVanished => true;

    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics)
    {
        var network = new TcpProxy(emulator.Port);
        var broker = new GooglePubSubBroker(emulator.Options with { EmulatorHost = $"127.0.0.1:{network.Port}" }, topics);
        _networks[broker] = network;
        return new(broker);
    }

    public Task VanishAsync(IMessageBroker broker)
    {
        _networks[broker].Dispose();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var network in _networks.Values)
        {
            network.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}

using Bridge.Nats;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>NATS JetStream.</summary>
public sealed class NatsContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override async Task<IBrokerFixture> CreateFixtureAsync() => new NatsFixture(await NatsServer.StartAsync());
}

/// <summary>A server of its own, that can be killed.</summary>
internal sealed class NatsFixture(NatsServer server) : IBrokerFixture
{
    /// <inheritdoc/>
    public bool CanRestart => true;

    /// <inheritdoc/>
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new NatsBroker(server.Options, topics));

    /// <inheritdoc/>
    public Task StopServerAsync() => server.KillAsync();

    /// <inheritdoc/>
    public Task StartServerAsync() => server.LaunchAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}

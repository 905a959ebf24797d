using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.RabbitMq;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>RabbitMQ.</summary>
[Collection(FirstKillCollection.Name)]
public sealed class RabbitMqKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override async Task<IKillFixture> CreateFixtureAsync() => new Fixture(await RabbitMqServer.StartAsync());

    private sealed class Fixture(RabbitMqServer server) : IKillFixture
    {
        public PeerBroker Broker => new("rabbitmq", $"amqp://127.0.0.1:{server.Port}");

        public bool RepeatsInPlace => false;

        public async Task RestartAsync()
        {
            await server.KillAsync();
            await server.LaunchAsync();
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}

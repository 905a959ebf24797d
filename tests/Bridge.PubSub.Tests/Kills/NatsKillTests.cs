using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Nats;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>NATS JetStream, which forgets acknowledgements of its last moments: those messages come again, also after later ones.</summary>
[Collection(FirstKillCollection.Name)]
public sealed class NatsKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override async Task<IKillFixture> CreateFixtureAsync() => new Fixture(await NatsServer.StartAsync());

    private sealed class Fixture(NatsServer server) : IKillFixture
    {
        public PeerBroker Broker => new("nats", $"nats://127.0.0.1:{server.Port}");

        public bool RepeatsInPlace => false;

        public async Task RestartAsync()
        {
            await server.KillAsync();
            await server.LaunchAsync();
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}

using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Redis;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>Redis that writes everything to disk at once.</summary>
[Collection(SecondKillCollection.Name)]
public class RedisKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override async Task<IKillFixture> CreateFixtureAsync() => new Fixture(await RedisServer.StartAsync());

    private sealed class Fixture(RedisServer server) : IKillFixture
    {
        public PeerBroker Broker => new("redis_streams", $"redis://127.0.0.1:{server.Port}");

        public bool RepeatsInPlace => true;

        public async Task RestartAsync()
        {
            await server.KillAsync();
            await server.LaunchAsync();
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}

/// <summary>The same without order: the leases of most messages are the stream's own.</summary>
public sealed class RedisUnorderedKillTests(ITestOutputHelper output) : RedisKillTests(output)
{
    /// <inheritdoc/>
    protected override bool AsksForOrder => false;
}

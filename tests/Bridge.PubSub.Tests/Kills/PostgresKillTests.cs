using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Peer;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>PostgreSQL, its processes killed one and all.</summary>
[Collection(SecondKillCollection.Name)]
public sealed class PostgresKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override async Task<IKillFixture> CreateFixtureAsync() => new Fixture(await PostgresServer.StartAsync("/usr/lib/postgresql/15/bin"));

    private sealed class Fixture(PostgresServer server) : IKillFixture
    {
        public PeerBroker Broker => new("postgres", server.ConnectionString);

        public bool RepeatsInPlace => true;

        public async Task RestartAsync()
        {
            await server.KillAsync();
            await server.LaunchAsync();
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}

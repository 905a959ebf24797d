using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Postgres;

/// <summary>PostgreSQL does what every broker does.</summary>
public sealed class PostgresContractTests(PostgresContractTests.Servers servers) : BrokerContract, IClassFixture<PostgresContractTests.Servers>
{
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new Fixed(servers.Server));

    /// <summary>Debian's PostgreSQL, one for all of them.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private PostgresServer? _server;

        public PostgresServer Server => _server ?? throw new InvalidOperationException("The server starts before the tests.");

        public async Task InitializeAsync() => _server = await PostgresServer.StartAsync("/usr/lib/postgresql/15/bin");

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    private sealed class Fixed(PostgresServer server) : IBrokerFixture
    {
        public bool CanRestart => true;

        public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) =>
            new(new PostgresBroker(new PostgresBrokerOptions { ConnectionString = server.ConnectionString }, topics));

        public Task StopServerAsync() => server.KillAsync();

        public Task StartServerAsync() => server.LaunchAsync();

        public ValueTask DisposeAsync() => default;
    }
}

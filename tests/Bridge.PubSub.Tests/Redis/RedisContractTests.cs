using Bridge.PubSub.Tests.Contract;
using Bridge.Redis;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>Redis does what every broker does.</summary>
public sealed class RedisContractTests(RedisContractTests.Servers servers) : BrokerContract, IClassFixture<RedisContractTests.Servers>
{
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new Fixed(servers.Server));

    /// <summary>One server for all of them.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private RedisServer? _server;

        public RedisServer Server => _server ?? throw new InvalidOperationException("The server starts before the tests.");

        public async Task InitializeAsync() => _server = await RedisServer.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    private sealed class Fixed(RedisServer server) : IBrokerFixture
    {
        public bool CanRestart => true;

        public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new RedisStreamsBroker(server.Options, topics));

        public Task StopServerAsync() => server.KillAsync();

        public Task StartServerAsync() => server.LaunchAsync();

        public ValueTask DisposeAsync() => default;
    }
}

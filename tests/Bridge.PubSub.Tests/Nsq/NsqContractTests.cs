using Bridge.Nsq;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>NSQ, by a fake that keeps to its protocol.</summary>
public sealed class NsqContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new NsqFixture());

    private sealed class NsqFixture : IBrokerFixture
    {
        private readonly FakeNsqd _server = new();
        private readonly FakeLookupd _lookup;

        public NsqFixture() => _lookup = new FakeLookupd(_server);

        public bool CanRestart => true;

        public TimeSpan ShortLease => TimeSpan.FromSeconds(1);

        public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) =>
            new(new NsqBroker(new NsqBrokerOptions { Hosts = [_server.Address], Lookups = [_lookup.Address] }, topics));

        public Task StopServerAsync() => _server.StopAsync();

        public Task StartServerAsync()
        {
            _server.Start();
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await _lookup.DisposeAsync();
            await _server.DisposeAsync();
        }
    }
}

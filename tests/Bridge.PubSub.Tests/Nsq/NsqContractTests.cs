using Bridge.Nsq;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>NSQ, by a fake that keeps to its protocol.</summary>
public class NsqContractTests : BrokerContract
{
    /// <summary>How its connections are compressed.</summary>
    protected virtual NsqCompression Compression => NsqCompression.None;

    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new NsqFixture(Compression));

    private sealed class NsqFixture : IBrokerFixture
    {
        private readonly FakeNsqd _server = new();
        private readonly FakeLookupd _lookup;
        private readonly NsqCompression _compression;

        public NsqFixture(NsqCompression compression)
        {
            _compression = compression;
            _lookup = new FakeLookupd(_server);
        }

        public bool CanRestart => true;

        public TimeSpan ShortLease => TimeSpan.FromSeconds(1);

        public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) =>
            new(new NsqBroker(new NsqBrokerOptions { Hosts = [_server.Address], Lookups = [_lookup.Address], Compression = _compression }, topics));

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

/// <summary>NSQ over connections that are compressed by DEFLATE.</summary>
public sealed class NsqDeflateContractTests : NsqContractTests
{
    /// <inheritdoc/>
    protected override NsqCompression Compression => NsqCompression.Deflate;
}

/// <summary>NSQ over connections that are compressed by Snappy.</summary>
public sealed class NsqSnappyContractTests : NsqContractTests
{
    /// <inheritdoc/>
    protected override NsqCompression Compression => NsqCompression.Snappy;
}

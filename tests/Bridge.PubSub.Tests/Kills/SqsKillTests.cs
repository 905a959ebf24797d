using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Sqs;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>
/// SNS and SQS. The tests' server keeps messages in memory, so that its end would lose them by its nature: instead all connections to it are cut
/// with whatever is under way, and for a while new ones carry nothing.
/// </summary>
[Collection(SecondKillCollection.Name)]
public sealed class SqsKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override async Task<IKillFixture> CreateFixtureAsync()
    {
        var server = new AwsServer();
        await server.InitializeAsync();
        return new Fixture(server);
    }

    private sealed class Fixture(AwsServer server) : IKillFixture
    {
        private static readonly TimeSpan Absence = TimeSpan.FromMilliseconds(500);

        private readonly TcpProxy _proxy = new(server.Address.Port);

        public PeerBroker Broker => new("aws_sns_sqs", $"http://127.0.0.1:{_proxy.Port}");

        public bool RepeatsInPlace => true;

        public async Task RestartAsync()
        {
            _proxy.Stop();
            _proxy.Cut();
            await Task.Delay(Absence);
            _proxy.Cut();
            _proxy.Resume();
        }

        public async ValueTask DisposeAsync()
        {
            _proxy.Dispose();
            await server.DisposeAsync();
        }
    }
}

using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Kafka;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>
/// Kafka, by its client library's own broker, which lives in this process's memory: its restart is the end of all its connections, and a while
/// without new ones.
/// </summary>
[Collection(SecondKillCollection.Name)]
public sealed class KafkaKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override Task<IKillFixture> CreateFixtureAsync() => Task.FromResult<IKillFixture>(new Fixture());

    private sealed class Fixture : IKillFixture
    {
        private static readonly TimeSpan Absence = TimeSpan.FromMilliseconds(500);

        private readonly MockCluster _cluster = new();

        public Fixture()
        {
            foreach (var name in new[] { "flow", "flow.journal.retry", "flow.journal.dead" })
            {
                _cluster.CreateTopic(name, partitions: 4);
            }
        }

        public PeerBroker Broker => new("kafka", _cluster.BootstrapServers);

        // Positions are written now and then, and tell of all messages before them.
        public bool RepeatsInPlace => false;

        public async Task RestartAsync()
        {
            _cluster.ShutAll();
            await Task.Delay(Absence);
            _cluster.OpenAll();
        }

        public ValueTask DisposeAsync()
        {
            _cluster.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

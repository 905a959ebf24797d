using Bridge.Kafka;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Kafka;

/// <summary>Kafka, by its client library's own brokers.</summary>
public sealed class KafkaContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new ContractFixture());

    private sealed class ContractFixture : IBrokerFixture
    {
        private readonly MockCluster _cluster = new();

        public bool CanRestart => true;

        public TimeSpan ShortLease => TimeSpan.FromSeconds(1);

        public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) =>
            new(new KafkaBroker(
                new KafkaBrokerOptions
                {
                    BootstrapServers = _cluster.BootstrapServers,
                    PublishTimeout = TimeSpan.FromSeconds(5),
                    SessionTimeout = TimeSpan.FromSeconds(2),
                },
                topics,
                new MockTopicMaker(_cluster)));

        public Task VanishAsync(IMessageBroker broker) => ((KafkaBroker)broker).VanishAsync();

        public Task StopServerAsync()
        {
            _cluster.ShutAll();
            return Task.CompletedTask;
        }

        public Task StartServerAsync()
        {
            _cluster.OpenAll();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _cluster.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

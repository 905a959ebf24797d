using Bridge.PubSub.Tests.Contract;
using Bridge.Sqs;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>What every broker does, by SNS and SQS.</summary>
public sealed class SqsContractTests(AwsServer server) : BrokerContract, IClassFixture<AwsServer>
{
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new SqsFixture(server));
}

/// <summary>Brokers on one server, whose messages live in its memory: it can't be restarted.</summary>
internal sealed class SqsFixture(AwsServer server) : IBrokerFixture
{
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new SqsBroker(server.Options, topics));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using Bridge.GooglePubSub;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>What every broker does, by Google Cloud Pub/Sub.</summary>
public sealed class GooglePubSubContractTests(Emulator emulator) : BrokerContract, IClassFixture<Emulator>
{
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new GooglePubSubFixture(emulator));
}

/// <summary>Brokers on one emulator, whose messages live in its memory: it can't be restarted.</summary>
internal sealed class GooglePubSubFixture(Emulator emulator) : IBrokerFixture
{
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new GooglePubSubBroker(emulator.Options, topics));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

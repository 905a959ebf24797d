using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>RabbitMQ.</summary>
[Collection(RabbitMqContractCollection.Name)]
public sealed class RabbitMqContractTests(SharedRabbitMqServer shared) : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new RabbitMqFixture(shared.Server));
}

/// <summary>A server that all tests of the suite share: starting one takes too long to do it for each.</summary>
internal sealed class RabbitMqFixture(RabbitMqServer server) : IBrokerFixture
{
    /// <inheritdoc/>
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new RabbitMqBroker(server.Options, topics));

    /// <inheritdoc/>
    /// <remarks>The connection's end is what the server goes by.</remarks>
    public async Task VanishAsync(IMessageBroker broker) => await broker.DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

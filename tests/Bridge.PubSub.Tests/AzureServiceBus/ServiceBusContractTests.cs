using Bridge.AzureServiceBus;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>Azure Service Bus, by a namespace in this process.</summary>
public sealed class ServiceBusContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new ServiceBusFixture());
}

/// <summary>A namespace for each test.</summary>
internal sealed class ServiceBusFixture : IBrokerFixture
{
    private readonly FakeServiceBus _server = FakeServiceBus.Run();

    /// <inheritdoc/>
    public bool CanRestart => true;

    /// <inheritdoc/>
    public TimeSpan ShortLease => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) => new(new ServiceBusBroker(_server.OptionsOf(_server.Policies[0]), topics));

    /// <inheritdoc/>
    public Task StopServerAsync()
    {
        _server.Stop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartServerAsync()
    {
        _server.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>The embedded broker in a file.</summary>
public sealed class EmbeddedContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new EmbeddedFixture(isInMemory: false));
}

/// <summary>The embedded broker in memory.</summary>
public sealed class EmbeddedInMemoryContractTests : BrokerContract
{
    /// <inheritdoc/>
    protected override Task<IBrokerFixture> CreateFixtureAsync() => Task.FromResult<IBrokerFixture>(new EmbeddedFixture(isInMemory: true));
}

using Bridge.PubSub.Peer;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>Processes that share a message file. Three times all of them die at once: then nobody has the file open.</summary>
[Collection(FirstKillCollection.Name)]
public sealed class EmbeddedKillTests(ITestOutputHelper output) : KillContract(output)
{
    /// <inheritdoc/>
    protected override Task<IKillFixture> CreateFixtureAsync() => Task.FromResult<IKillFixture>(new Fixture());

    private sealed class Fixture : IKillFixture
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-messages-");

        public PeerBroker Broker => new("embedded", Path.Combine(_folder.FullName, "messages.db"));

        public bool LivesInPeers => true;

        public bool RepeatsInPlace => true;

        public Task RestartAsync() => throw new NotSupportedException("It ends with the peers.");

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}

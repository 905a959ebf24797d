using Bridge.PubSub.Tests.Contract;
using Bridge.Sqlite;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>A message file in a folder of its own, or none.</summary>
internal sealed class EmbeddedFixture(bool isInMemory) : IBrokerFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-messages-");

    /// <inheritdoc/>
    public bool IsShared => !isInMemory;

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "pubsub", "messages.db");

    /// <inheritdoc/>
    public TimeSpan ShortLease => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics) =>
        new(new SqliteBroker(new SqliteBrokerOptions { Path = isInMemory ? null : Path }, topics));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}

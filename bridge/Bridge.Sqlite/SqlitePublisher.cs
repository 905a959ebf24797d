using Bridge.Core.PubSub;
using Bridge.Sqlite.Writing;

namespace Bridge.Sqlite;

/// <summary>Publishes to one topic of a file.</summary>
internal sealed class SqlitePublisher(StoreWriter writer, BrokerTopic topic) : ITopicPublisher
{
    // SQLite takes a gigabyte at most; a message is held in memory several times on its way.
    private const int MaxBytes = 256 << 20;

    /// <inheritdoc/>
    public Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var message in messages)
        {
            if (message.Body.Length > MaxBytes)
            {
                var error = new BrokerException(
                    $"a message for topic {topic.Name} has {message.Body.Length} bytes, more than the {MaxBytes} that the embedded broker takes",
                    "Put big data into a bucket and publish its name.",
                    isTransient: false);
                return Task.FromResult(messages.Select(_ => PublishResult.Failed(error)).ToArray());
            }
        }

        var operation = new PublishOperation(topic, messages);
        writer.Enqueue(operation);
        return operation.WaitAsync(cancellation);
    }
}

using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Google.Protobuf;

namespace Bridge.GooglePubSub;

/// <summary>Publishes to one topic. Thread: any.</summary>
/// <param name="connection">The service.</param>
/// <param name="topic">The topic.</param>
/// <param name="path">Its full name.</param>
internal sealed class GooglePublisher(GoogleConnection connection, BrokerTopic topic, string path) : ITopicPublisher
{
    // https://cloud.google.com/pubsub/quotas#resource_limits
    private const int MaxMessages = 1000;
    private const int MaxBytes = 9_000_000;

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var results = new PublishResult[messages.Count];
        var indexes = new List<int>();
        var request = new PublishRequest { Topic = path };
        var bytes = 0;
        BrokerException? earlier = null;
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].DeliverAt is not null)
            {
                results[i] = PublishResult.Failed(new BrokerException(
                    $"publishing to Pub/Sub topic {topic.Name}: Pub/Sub can't deliver later", "publish without deliverAt", isTransient: false));
                continue;
            }

            var message = MessageOf(messages[i]);
            var size = message.CalculateSize();
            if (request.Messages.Count == MaxMessages || (request.Messages.Count > 0 && bytes + size > MaxBytes))
            {
                earlier = await SendAsync(request, indexes, results, earlier, cancellation);
                (request, indexes, bytes) = (new PublishRequest { Topic = path }, [], 0);
            }

            request.Messages.Add(message);
            indexes.Add(i);
            bytes += size;
        }

        if (indexes.Count > 0)
        {
            await SendAsync(request, indexes, results, earlier, cancellation);
        }

        return results;
    }

    private PubsubMessage MessageOf(OutgoingMessage message) => new()
    {
        Data = ByteString.CopyFrom(message.Body.Span),
        Attributes = { message.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value, StringComparer.Ordinal) },
        OrderingKey = topic.IsOrdered ? message.OrderingKey ?? "" : "",
    };

    /// <returns>Why later messages of an ordered topic mustn't be sent; null where they may.</returns>
    private async Task<BrokerException?> SendAsync(
        PublishRequest request, List<int> indexes, PublishResult[] results, BrokerException? earlier, CancellationToken cancellation)
    {
        var what = $"publishing to Pub/Sub topic {topic.Name}";
        try
        {
            if (earlier is not null && topic.IsOrdered)
            {
                throw new BrokerException($"{what}: an earlier message of the same call failed", "publish again", isTransient: true, earlier);
            }

            var response = await Persistence.RunAsync(
                () => connection.CallAsync(what, options => connection.Publisher.PublishAsync(request, options), cancellation),
                GoogleFailures.WasNotDone,
                connection.Time,
                cancellation);
            for (var i = 0; i < indexes.Count; i++)
            {
                results[indexes[i]] = PublishResult.Taken(response.MessageIds[i]);
            }

            return null;
        }
        catch (BrokerException error)
        {
            indexes.ForEach(index => results[index] = PublishResult.Failed(error));
            return error;
        }
    }
}

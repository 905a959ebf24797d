using Bridge.Core.PubSub;

namespace Bridge.Postgres.PubSub;

/// <summary>Publishes to one topic.</summary>
internal sealed class PostgresPublisher(BrokerTopic topic, BrokerCatalog catalog, PublishLoop loop) : ITopicPublisher
{
    // For how long an id is known again where no subscription says how long messages live.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    private readonly TimeSpan _retention =
        topic.Subscriptions.Select(subscription => subscription.MessageRetention).Append(ShortestRetention).Max();

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            return [];
        }

        int number;
        try
        {
            number = await catalog.TopicAsync(topic, cancellation).ConfigureAwait(false);
        }
        catch (BrokerException exception)
        {
            return [.. messages.Select(_ => PublishResult.Failed(exception))];
        }

        var call = new PublishCall(messages.Count) { Cancellation = cancellation };
        loop.Add([.. messages.Select((message, index) => new PublishItem(
            call,
            index,
            number,
            _retention,
            topic.IsOrdered ? MessageBytes.Digest(message.OrderingKey) : null,
            message.Body.ToArray(),
            MessageBytes.Write(message.Attributes),
            MessageBytes.Digest(message.DeduplicationId),
            message.DeliverAt?.UtcDateTime) { IsOrdered = topic.IsOrdered })]);
        return await call.Done.WaitAsync(cancellation).ConfigureAwait(false);
    }
}

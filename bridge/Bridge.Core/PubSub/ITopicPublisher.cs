namespace Bridge.Core.PubSub;

/// <summary>Publishes to one topic. Thread: any, many at a time.</summary>
public interface ITopicPublisher
{
    /// <summary>Publishes messages, those of one ordering key in the order of the list; messages of earlier calls that weren't awaited may come later.</summary>
    /// <param name="messages">One or more. Their bodies are the caller's again when the task ends.</param>
    /// <param name="cancellation">Ends the wait; what was sent may be delivered all the same.</param>
    /// <returns>What became of each, in the same order, once the broker has them safely.</returns>
    Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation);
}

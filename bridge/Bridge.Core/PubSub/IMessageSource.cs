namespace Bridge.Core.PubSub;

/// <summary>The messages of one subscription, as they come to this process. Thread: one receiver at a time; deliveries are free of that.</summary>
public interface IMessageSource : IAsyncDisposable
{
    /// <summary>Waits for messages.</summary>
    /// <param name="max">How many are wanted, 1 or more: nobody else gets them until they are dealt with.</param>
    /// <param name="cancellation">Ends the wait; a message that was on its way goes back to the broker and isn't lost.</param>
    /// <returns>One or more; none where the broker's own patience ended: ask again.</returns>
    /// <exception cref="BrokerException">The broker refuses for good. While a connection is gone, the source waits for it instead.</exception>
    Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation);
}

/// <summary>A source whose broker takes one word about many messages.</summary>
public interface IBatchedMessageSource : IMessageSource
{
    /// <summary>Acknowledges messages that came from here. Thread: any.</summary>
    /// <param name="deliveries">Messages that are handled; the list isn't changed until the task is done.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Of each in turn what went wrong; null where the broker has taken note. It doesn't throw.</returns>
    Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation);
}

namespace Bridge.Core.PubSub;

/// <summary>Carries the messages of topics: one connection to one broker, for all topics that the configuration puts there. Thread: any.</summary>
/// <remarks>
/// What is the same on every broker isn't here: how many messages are handled at a time, when they come again and when they are given up
/// decides <see cref="SubscriptionRunner"/>. A broker keeps what it is given until it is acknowledged, and heals its connection by itself: while
/// that is gone, publishing fails and receiving waits.
/// </remarks>
public interface IMessageBroker : IAsyncDisposable
{
    /// <summary>What it can do.</summary>
    BrokerTraits Traits { get; }

    /// <summary>Connects, and looks that all topics and subscriptions are there.</summary>
    /// <param name="provision">Whether to make those that are missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is missing, one line each that names it as its administrator would; empty where all is there.</returns>
    /// <exception cref="BrokerException">The broker can't be reached, or refuses.</exception>
    Task<IReadOnlyList<string>> PrepareAsync(bool provision, CancellationToken cancellation);

    /// <summary>What takes the messages of subscriptions that it sends by itself. A subscription's takes them while a source of it is open.</summary>
    IReadOnlyList<IPushReceiver> Receivers => [];

    /// <summary>What publishes to a topic.</summary>
    ITopicPublisher PublisherOf(BrokerTopic topic);

    /// <summary>Begins to receive a subscription's messages, beside every other process that does.</summary>
    ValueTask<IMessageSource> OpenAsync(BrokerSubscription subscription, CancellationToken cancellation);

    /// <summary>A subscription's messages that were given up.</summary>
    IDeadLetters DeadLettersOf(BrokerSubscription subscription);
}

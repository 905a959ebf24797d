namespace Bridge.Core.PubSub;

/// <summary>Is told what people need to know of a subscription. Thread: any; it doesn't throw.</summary>
public interface ISubscriptionObserver
{
    /// <summary>Messages can't be received; it is tried again after a while.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="error">Why.</param>
    /// <param name="next">The wait until then.</param>
    void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next);

    /// <summary>A message's handler failed, and it comes again.</summary>
    void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay);

    /// <summary>A message became a dead letter.</summary>
    void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason);

    /// <summary>The broker didn't take note of what became of a message: it may come again though it was handled.</summary>
    void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error);
}

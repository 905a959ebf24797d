using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>Writes each message down; some fail at first.</summary>
internal sealed class PeerHandler(Journal journal) : IMessageHandler, ISubscriptionObserver
{
    /// <inheritdoc/>
    public ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
    {
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        if (delivery.Attempt == 1 && text.EndsWith("13", StringComparison.Ordinal))
        {
            return new(HandlingResult.Failed("at first"));
        }

        journal.Write("handled", text);
        return new(HandlingResult.Done);
    }

    /// <inheritdoc/>
    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) => journal.Write("failed", "receiving: " + error.Message);

    /// <inheritdoc/>
    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay)
    {
    }

    /// <inheritdoc/>
    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason) => journal.Write("failed", "given up: " + reason.Text);

    /// <inheritdoc/>
    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) => journal.Write("unsettled", error.Message);
}

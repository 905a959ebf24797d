using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>Writes each message down; some fail at first, some always. Or it holds on to every message for ever.</summary>
internal sealed class PeerHandler(Journal journal, bool isHolding) : IMessageHandler, ISubscriptionObserver
{
    /// <inheritdoc/>
    public async ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
    {
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        var message = PeerMessage.Parse(text);
        journal.Write("begun", text);
        if (isHolding)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        if (message.IsPoison || (message.IsSlow && delivery.Attempt == 1))
        {
            journal.Write(delivery.Attempt > PeerTopic.Retries ? "spent" : "refused", text);
            return HandlingResult.Failed("not this one");
        }

        journal.Write("handled", text);
        return HandlingResult.Done;
    }

    /// <inheritdoc/>
    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) =>
        journal.Write(error is BrokerException { IsTransient: true } ? "unreceived" : "failed", $"receiving: {error.Message}");

    /// <inheritdoc/>
    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay)
    {
    }

    /// <inheritdoc/>
    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason)
    {
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        if (!PeerMessage.Parse(text).IsPoison)
        {
            journal.Write("failed", string.Create(CultureInfo.InvariantCulture, $"{text} given up at attempt {delivery.Attempt}: {reason.Text}"));
        }
    }

    /// <inheritdoc/>
    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) =>
        journal.Write(error is BrokerException or OperationCanceledException ? "unsettled" : "failed", $"settling: {error.Message}");
}

namespace Bridge.Core.PubSub;

/// <content>What becomes of a message.</content>
public sealed partial class SubscriptionRunner
{
    /// <summary>
    /// How many attempts that nobody answered for are let pass beyond a message's retries: a crash of the host is hardly ever a message's fault,
    /// and one that always is must not end it for ever.
    /// </summary>
    public const int MaxLostAttempts = 10;

    // What a broker is given to take note of a message's end when the host stops.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(30);

    /// <summary>Has a message handled, unless it is too late for that.</summary>
    /// <returns>How it went; null where the message was given up instead.</returns>
    private async ValueTask<HandlingResult?> JudgeAsync(Delivery delivery, CancellationToken givingUp)
    {
        if (time.GetUtcNow() - delivery.RetainedSince > subscription.MessageRetention)
        {
            var reason = new DeadLetterReason(DeadLetterCause.Expired, $"not handled within {subscription.MessageRetention} of its publishing");
            await GiveUpAsync(delivery, reason);
            return null;
        }

        var retries = subscription.Retry.MaxRetries;
        if (retries != RetryPolicy.Unlimited && delivery.Attempt > retries + 1 + MaxLostAttempts)
        {
            var reason = new DeadLetterReason(DeadLetterCause.Failed, $"{delivery.Attempt - 1} attempts ended without an answer: the host ended while the handler ran, or lost the broker");
            await GiveUpAsync(delivery, reason);
            return null;
        }

        return await handler.HandleAsync(delivery, givingUp);
    }

    private async Task SettleAsync(Delivery delivery, HandlingResult result)
    {
        using var patience = new CancellationTokenSource(SettlingTime, time);
        switch (result.Outcome)
        {
            case HandlingOutcome.Done:
                await delivery.AcknowledgeAsync(patience.Token);
                break;
            case HandlingOutcome.Invalid:
                await GiveUpAsync(delivery, new DeadLetterReason(DeadLetterCause.Invalid, result.Error));
                break;
            case HandlingOutcome.Abandoned:
                await delivery.ReleaseAsync(patience.Token);
                break;
            default:
                await RetryAsync(delivery, result.Error, patience.Token);
                break;
        }
    }

    private async Task RetryAsync(Delivery delivery, string error, CancellationToken cancellation)
    {
#pragma warning disable CA5394 // Justification: it spreads retries over time, and protects nothing.
        var delay = subscription.Retry.DelayAfter(delivery.Attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
        if (delay is null)
        {
            await GiveUpAsync(delivery, new DeadLetterReason(DeadLetterCause.Failed, error));
            return;
        }

        await delivery.RetryAsync(delay.Value, cancellation);
        observer.WillRetry(subscription, delivery, error, delay.Value);
    }

    private async Task GiveUpAsync(Delivery delivery, DeadLetterReason reason)
    {
        using var patience = new CancellationTokenSource(SettlingTime, time);
        await delivery.DeadLetterAsync(reason, patience.Token);
        observer.GaveUp(subscription, delivery, reason);
    }
}

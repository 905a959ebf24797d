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

    private readonly SharedPatience _patience = new(SettlingTime, time);

    /// <summary>Has a message handled, unless it is too late for that.</summary>
    private async ValueTask<Ending> JudgeAsync(Delivery delivery, CancellationToken givingUp)
    {
        if (time.GetUtcNow() - delivery.RetainedSince > subscription.MessageRetention)
        {
            return new Ending(DeadLetterCause.Expired, $"not handled within {subscription.MessageRetention} of its publishing");
        }

        var retries = subscription.Retry.MaxRetries;
        if (retries != RetryPolicy.Unlimited && delivery.Attempt > retries + 1L + MaxLostAttempts)
        {
            return new Ending(
                DeadLetterCause.Failed, $"{delivery.Attempt - 1} attempts ended without an answer: the host ended while the handler ran, or lost the broker");
        }

        try
        {
            return new Ending(await handler.HandleAsync(delivery, givingUp));
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested)
        {
            return new Ending(HandlingResult.Abandoned);
        }
        catch (Exception error)
        {
            // Justification: a handler that throws against its contract must not keep the message from its next attempt.
            return new Ending(HandlingResult.Failed(error.Message));
        }
    }

    private async Task SettleAsync(Delivery delivery, Ending ending)
    {
        if (ending.GivenUp is { } reason)
        {
            await GiveUpAsync(delivery, reason);
            return;
        }

        var patience = _patience.Next();
        switch (ending.Result.Outcome)
        {
            case HandlingOutcome.Done:
                await delivery.AcknowledgeAsync(patience);
                break;
            case HandlingOutcome.Invalid:
                await GiveUpAsync(delivery, new DeadLetterReason(DeadLetterCause.Invalid, ending.Result.Error));
                break;
            case HandlingOutcome.Abandoned:
                await delivery.ReleaseAsync(patience);
                break;
            default:
                await RetryAsync(delivery, ending.Result.Error, patience);
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

    /// <summary>What becomes of a message: what its handler said, or why it didn't get to it.</summary>
    private readonly record struct Ending(HandlingResult Result, DeadLetterReason? GivenUp = null)
    {
        public Ending(DeadLetterCause cause, string text)
            : this(default, new DeadLetterReason(cause, text))
        {
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    /// <summary>Why a message doesn't get to its handler; null where it does.</summary>
    private Ending? RefusalOf(Delivery delivery)
    {
        if (_time.GetUtcNow() - delivery.RetainedSince > _subscription.MessageRetention)
        {
            return new Ending(DeadLetterCause.Expired, $"not handled within {_subscription.MessageRetention} of its publishing");
        }

        var retries = _subscription.Retry.MaxRetries;
        return retries != RetryPolicy.Unlimited && delivery.Attempt > retries + 1L + MaxLostAttempts
            ? new Ending(
                DeadLetterCause.Failed, $"{delivery.Attempt - 1} attempts ended without an answer: the host ended while the handler ran, or lost the broker")
            : null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Ending> HandleAsync(Delivery delivery, CancellationToken givingUp)
    {
        try
        {
            return new Ending(await _handler.HandleAsync(delivery, givingUp));
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

    private async Task AcknowledgeAsync(IBatchedMessageSource batched, List<Flight> flights)
    {
        try
        {
            var errors = await batched.AcknowledgeAsync([.. flights.Select(flight => flight.Delivery)], _patience.Next());
            for (var at = 0; at < flights.Count; at++)
            {
                if (errors[at] is { } error)
                {
                    _observer.SettlingFailed(_subscription, flights[at].Delivery, error);
                }
            }
        }
        catch (Exception error)
        {
            // Justification: the root of a flow of its own. The messages come again, since nobody has ended their deliveries.
            flights.ForEach(flight => _observer.SettlingFailed(_subscription, flight.Delivery, error));
        }
        finally
        {
            _flights.Remove(CollectionsMarshal.AsSpan(flights));
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
        var delay = _subscription.Retry.DelayAfter(delivery.Attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
        if (delay is null)
        {
            await GiveUpAsync(delivery, new DeadLetterReason(DeadLetterCause.Failed, error));
            return;
        }

        await delivery.RetryAsync(delay.Value, cancellation);
        _observer.WillRetry(_subscription, delivery, error, delay.Value);
    }

    private async Task GiveUpAsync(Delivery delivery, DeadLetterReason reason)
    {
        using var patience = new CancellationTokenSource(SettlingTime, _time);
        await delivery.DeadLetterAsync(reason, patience.Token);
        _observer.GaveUp(_subscription, delivery, reason);
    }

    /// <summary>What becomes of a message: what its handler said, or why it didn't get to it.</summary>
    private readonly record struct Ending(HandlingResult Result, DeadLetterReason? GivenUp = null)
    {
        public Ending(DeadLetterCause cause, string text)
            : this(default, new DeadLetterReason(cause, text))
        {
        }

        /// <summary>Whether the message never comes again.</summary>
        public bool IsDone => GivenUp is null && Result.Outcome == HandlingOutcome.Done;
    }
}

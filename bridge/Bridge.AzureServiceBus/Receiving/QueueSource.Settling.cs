using Amqp.Framing;
using Amqp.Types;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <content>The ends of deliveries.</content>
internal sealed partial class QueueSource
{
    // Messages that this process keeps for their next attempt: they count against nobody's room.
    private const int MaxHeld = 1000;

    // Long before the service gives a message up for its deliveries, which would end retries that are to have no end: a copy's count begins anew.
    private const uint MaxDeliveries = 1000;

    private int _held;

    /// <summary>Ends a delivery: by its link, or where that is gone by asking for it.</summary>
    internal async Task SettleAsync(QueueDelivery delivery, Outcome outcome, string status, Map? details, CancellationToken cancellation)
    {
        try
        {
            if (!delivery.Link.IsClosed)
            {
                delivery.Link.Complete(delivery.Message, outcome);
                return;
            }
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            // It has just closed.
        }
        finally
        {
            Forget(delivery);
        }

        await _management.SettleAsync([delivery.Token], status, details, cancellation);
    }

    /// <summary>Begins a message's lock anew.</summary>
    internal Task RenewAsync(QueueDelivery delivery, CancellationToken cancellation) => _management.RenewLockAsync(delivery.Token, cancellation);

    /// <summary>
    /// Has a message come again later. Service Bus gives a message free at once or at its lock's end: for a short wait it stays locked here, for a
    /// longer one a copy waits at the service.
    /// </summary>
    internal async Task RetryAsync(QueueDelivery delivery, TimeSpan delay, CancellationToken cancellation)
    {
        var isOften = delivery.Message.Header?.DeliveryCount >= MaxDeliveries;
        if (delay < TimeSpan.FromMilliseconds(1) && !isOften)
        {
            await SettleAsync(delivery, ServiceBusDelivery.Failed(), "abandoned", details: null, cancellation);
            return;
        }

        if (_settings.Copies is not { } copies || (delay <= _connection.Options.LongestHold && !isOften && Volatile.Read(ref _held) < MaxHeld))
        {
            Interlocked.Increment(ref _held);
            delivery.IsHeld = true;
            _ = HoldAsync(delivery, delay);
            return;
        }

        // First there, then away from here: it may be there twice where the connection breaks in between, and is never lost.
        var copy = delivery.Fields with { PastAttempts = delivery.Attempt, OnlyFor = _settings.Subscription };
        await copies.SendAsync(copy.ToAmqp(delivery.Body, Guid.CreateVersion7().ToString("N"), Time.GetUtcNow() + delay), cancellation);
        await SettleAsync(delivery, new Accepted(), "completed", details: null, cancellation);
    }

    private async Task HoldAsync(QueueDelivery delivery, TimeSpan delay)
    {
        try
        {
            var step = delivery.Lock / 3;
            for (var left = delay; left > TimeSpan.Zero; left -= step)
            {
                await Task.Delay(left < step ? left : step, Time, _end.Token);
                if (left > step)
                {
                    await RenewAsync(delivery, _end.Token);
                }
            }

            await SettleAsync(delivery, ServiceBusDelivery.Failed(), "abandoned", details: null, _end.Token);
        }
        catch (OperationCanceledException)
        {
            // The source ends, and gives it back.
        }
        catch (BrokerException)
        {
            // It comes again once its lock is over.
            Forget(delivery);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }
}

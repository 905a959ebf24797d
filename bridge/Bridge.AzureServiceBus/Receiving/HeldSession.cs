using Amqp;
using Amqp.Framing;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>A session that this process has: its messages come one at a time, each when the one before has ended. Thread: any.</summary>
/// <param name="source">Who accepted it.</param>
/// <param name="link">By what its messages come.</param>
/// <param name="id">Its name.</param>
/// <param name="lease">How long its lock is.</param>
/// <param name="management">Where its lock is begun anew.</param>
/// <param name="time">The clock.</param>
/// <param name="ending">The source ends.</param>
internal sealed class HeldSession(
    SessionSource source, ReceiverLink link, string id, TimeSpan lease, EntityManagement management, TimeProvider time, CancellationToken ending)
{
    /// <summary>How long its lock is.</summary>
    internal TimeSpan Lease => lease;

    /// <summary>The clock.</summary>
    internal TimeProvider Time => time;

    /// <summary>By what its messages come.</summary>
    internal ReceiverLink Link => link;

    /// <summary>What it does. Guarded by the source's lock.</summary>
    internal SessionState State { get; set; } = SessionState.Opening;

    /// <summary>How many messages it has brought. Guarded by the source's lock.</summary>
    internal int Turns { get; set; }

    /// <summary>The message that hasn't ended; null between two. Guarded by the source's lock.</summary>
    internal SessionDelivery? Current { get; set; }

    /// <summary>Begins its lock anew.</summary>
    internal Task RenewAsync(CancellationToken cancellation) => management.RenewSessionAsync(id, cancellation);

    /// <summary>Ends a message; the next one's turn.</summary>
    internal Task SettleAsync(SessionDelivery delivery, Outcome outcome)
    {
        if (link.IsClosed)
        {
            return Task.FromException(new BrokerException(
                "A message of an Azure Service Bus session can't be settled: the session's link is gone.", "The message comes again.", isTransient: false));
        }

        link.Complete(delivery.Message, outcome);
        source.Advance(this);
        return Task.CompletedTask;
    }

    /// <summary>Has a message come again; until then the session stays here, so that nothing overtakes it.</summary>
    internal Task RetryAsync(SessionDelivery delivery, TimeSpan delay)
    {
        if (delay < TimeSpan.FromMilliseconds(1) || link.IsClosed)
        {
            return SettleAsync(delivery, ServiceBusDelivery.Failed());
        }

        lock (source.Sync)
        {
            State = SessionState.Held;
        }

        _ = HoldAsync(delivery, delay);
        return Task.CompletedTask;
    }

    private async Task HoldAsync(SessionDelivery delivery, TimeSpan delay)
    {
        try
        {
            var step = lease / 3;
            for (var left = delay; left > TimeSpan.Zero; left -= step)
            {
                await Task.Delay(left < step ? left : step, time, ending);
                if (left > step)
                {
                    await RenewAsync(ending);
                }
            }

            await SettleAsync(delivery, ServiceBusDelivery.Failed());
        }
        catch (OperationCanceledException)
        {
            // The source ends, and gives it back.
        }
        catch (BrokerException)
        {
            // The session is lost, and its messages come again.
            source.Close(this);
        }
    }
}

/// <summary>What a session does.</summary>
internal enum SessionState
{
    /// <summary>It was accepted, and its first message is on its way.</summary>
    Opening,

    /// <summary>It may have a further message.</summary>
    Waiting,

    /// <summary>A message of it waits to be handed out.</summary>
    Ready,

    /// <summary>A message of it is being handled.</summary>
    Busy,

    /// <summary>A message of it waits for its next attempt.</summary>
    Held,

    /// <summary>It was given back.</summary>
    Closed,
}

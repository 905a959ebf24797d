using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>A message that is locked by itself: its lock outlives its link.</summary>
/// <param name="source">Who received it.</param>
/// <param name="lease">How long its lock is.</param>
/// <param name="receivedAt">The clock's timestamp when it came.</param>
internal sealed class QueueDelivery(QueueSource source, TimeSpan lease, long receivedAt) : ServiceBusDelivery
{
    /// <inheritdoc/>
    public override TimeSpan? Lease => lease;

    /// <summary>How long its lock is.</summary>
    internal TimeSpan Lock => lease;

    /// <summary>The clock's timestamp when it came.</summary>
    internal long ReceivedAt => receivedAt;

    /// <summary>Whether it waits for its next attempt.</summary>
    internal bool IsHeld { get; set; }

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) =>
        source.SettleAsync(this, new Amqp.Framing.Accepted(), "completed", details: null, cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.RetryAsync(this, delay, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        var now = source.Time.GetUtcNow();
        return source.SettleAsync(this, GivenUp(reason, now), "suspended", GivenUpDetails(reason, now), cancellation);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) =>
        source.SettleAsync(this, new Amqp.Framing.Released(), "abandoned", details: null, cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => source.RenewAsync(this, cancellation);
}

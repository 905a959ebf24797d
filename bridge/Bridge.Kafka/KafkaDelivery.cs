using Bridge.Core.PubSub;

namespace Bridge.Kafka;

/// <summary>A record that is being handled.</summary>
/// <param name="source">Where it came from.</param>
/// <param name="entry">The record.</param>
/// <param name="handing">Which handing out of it this is.</param>
/// <param name="lease">How long it stays this process's without a word.</param>
internal sealed class KafkaDelivery(KafkaSource source, WindowEntry entry, int handing, TimeSpan lease) : Delivery
{
    /// <inheritdoc/>
    /// <remarks>The lease is this process's own: the group takes partitions back, not records.</remarks>
    public override TimeSpan? Lease => lease;

    /// <inheritdoc/>
    /// <remarks>The commit follows: in the background within a quarter of a second, when the partition leaves, and when the source ends.</remarks>
    public override Task AcknowledgeAsync(CancellationToken cancellation)
    {
        source.Finish(entry, handing);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.RetryAsync(entry, handing, this, delay, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) =>
        source.DeadLetterAsync(entry, handing, this, reason, cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation)
    {
        source.Release(entry, handing);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation)
    {
        source.Extend(entry, handing);
        return Task.CompletedTask;
    }
}

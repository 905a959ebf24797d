using Bridge.Core.PubSub;

namespace Bridge.Redis;

/// <summary>A message that this process has leased.</summary>
/// <param name="source">Where it was received.</param>
/// <param name="entry">Its name in the subscription's sets.</param>
/// <param name="token">By which the lease is known; of another lease, what is done with this delivery does nothing.</param>
/// <param name="key">Its ordering key; null for none.</param>
/// <param name="deadline">How long the lease lasts.</param>
internal sealed class RedisDelivery(RedisSource source, string entry, string token, string? key, TimeSpan deadline) : Delivery
{
    /// <summary>Its name in the subscription's sets.</summary>
    internal string Entry => entry;

    /// <summary>By which the lease is known.</summary>
    internal string Token => token;

    /// <summary>Its ordering key; null for none.</summary>
    internal string? Key => key;

    /// <inheritdoc/>
    public override TimeSpan? Lease { get; } = deadline;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => source.SettleAsync(this, SettlementKind.Acknowledge, TimeSpan.Zero, null, cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.SettleAsync(this, SettlementKind.Retry, delay, null, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) =>
        source.SettleAsync(this, SettlementKind.DeadLetter, TimeSpan.Zero, reason, cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => source.SettleAsync(this, SettlementKind.Release, TimeSpan.Zero, null, cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => source.SettleAsync(this, SettlementKind.Extend, deadline, null, cancellation);
}

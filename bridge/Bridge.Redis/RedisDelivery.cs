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
    public override Task AcknowledgeAsync(CancellationToken cancellation) => source.AcknowledgeAsync(this, cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.RetryAsync(this, delay, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) => source.DeadLetterAsync(this, reason, cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => source.ReleaseAsync(this, cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => source.ExtendAsync(this, cancellation);
}

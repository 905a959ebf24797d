using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>A message in the hands of this process.</summary>
/// <param name="source">Where it came from.</param>
/// <param name="held">The message.</param>
internal sealed class GoogleDelivery(GoogleSource source, HeldMessage held) : Delivery
{
    /// <inheritdoc/>
    public override TimeSpan? Lease => source.Lease;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => source.AcknowledgeAsync(held, cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.RetryAsync(held, delay, cancellation);

    /// <inheritdoc/>
    public override async Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        try
        {
            await source.Dead.AddAsync(this, held.Key, reason, cancellation);
        }
        catch
        {
            // Justification: nothing is handled. The message comes again, and must not be taken for one that is still in hand.
            source.Abandon(held);
            throw;
        }

        await source.AcknowledgeAsync(held, cancellation);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => source.ReleaseAsync(held, cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => source.ExtendAsync(held, cancellation);
}

using Amqp.Framing;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>A message of a session: the lock is the session's, and nothing follows before this message has ended.</summary>
/// <param name="session">The session.</param>
internal sealed class SessionDelivery(HeldSession session) : ServiceBusDelivery
{
    /// <inheritdoc/>
    public override TimeSpan? Lease => session.Lease;

    /// <summary>Whose it is.</summary>
    internal HeldSession HeldBy => session;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => session.SettleAsync(this, new Accepted());

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => session.RetryAsync(this, delay);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) => session.SettleAsync(this, GivenUp(reason, session.Time.GetUtcNow()));

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => session.SettleAsync(this, new Released());

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => session.RenewAsync(cancellation);
}

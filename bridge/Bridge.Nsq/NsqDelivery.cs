using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>A message that is being handled.</summary>
/// <param name="source">Where it came from.</param>
/// <param name="connection">Over which it came: only there nsqd hears of it.</param>
/// <param name="id">nsqd's name for it.</param>
internal sealed class NsqDelivery(NsqSource source, NsqConnection connection, string id) : Delivery
{
    /// <summary>Over which it came.</summary>
    public NsqConnection Connection => connection;

    /// <summary>nsqd's name for it.</summary>
    public string NsqId => id;

    /// <inheritdoc/>
    /// <remarks>nsqd extends it again and again, but not past its --max-msg-timeout in all.</remarks>
    public override TimeSpan? Lease => TimeSpan.FromMilliseconds(connection.Identity.LeaseMilliseconds);

    /// <inheritdoc/>
    /// <remarks>nsqd doesn't answer: done when it is written.</remarks>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => source.SettleAsync(this, NsqCommands.Finish(id));

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => source.RequeueAsync(this, delay);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) => source.DeadLetterAsync(this, reason, cancellation);

    /// <inheritdoc/>
    /// <remarks>nsqd counts each time it gives a message: the next is the next attempt.</remarks>
    public override Task ReleaseAsync(CancellationToken cancellation) => source.RequeueAsync(this, TimeSpan.Zero);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => connection.SayAsync(NsqCommands.Touch(id));
}

using Bridge.Core.PubSub;

namespace Bridge.Postgres.PubSub;

/// <summary>A message that this process has leased.</summary>
/// <param name="source">Where it was received.</param>
/// <param name="message">Its number.</param>
/// <param name="lease">By which the lease is known; of another lease, what is done with this delivery does nothing.</param>
/// <param name="deadline">How long the lease lasts.</param>
internal sealed class PostgresDelivery(PostgresSource source, long message, Guid lease, TimeSpan deadline) : Delivery
{
    /// <summary>Its number.</summary>
    internal long Message { get; } = message;

    /// <summary>By which the lease is known.</summary>
    internal Guid LeaseId { get; } = lease;

    /// <inheritdoc/>
    public override TimeSpan? Lease { get; } = deadline;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => source.SettleAsync(new Settlement(this, SettlementKind.Acknowledge, cancellation));

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) =>
        source.SettleAsync(new Settlement(this, SettlementKind.Return, cancellation) { Delay = delay > TimeSpan.Zero ? delay : TimeSpan.Zero });

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) =>
        source.SettleAsync(new Settlement(this, SettlementKind.DeadLetter, cancellation) { Reason = reason });

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) =>
        source.SettleAsync(new Settlement(this, SettlementKind.Return, cancellation) { UndoneAttempts = 1 });

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => source.SettleAsync(new Settlement(this, SettlementKind.Extend, cancellation));
}

/// <summary>What becomes of a leased message.</summary>
internal enum SettlementKind
{
    Acknowledge,
    Return,
    DeadLetter,
    Extend,
}

/// <summary>What becomes of one leased message, until the server has taken note.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Cancellation">Nobody waits any more.</param>
internal sealed record Settlement(PostgresDelivery Delivery, SettlementKind Kind, CancellationToken Cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it comes again.</summary>
    internal TimeSpan Delay { get; init; }

    /// <summary>1 where its attempt doesn't count.</summary>
    internal int UndoneAttempts { get; init; }

    /// <summary>Why it is given up.</summary>
    internal DeadLetterReason? Reason { get; init; }

    /// <summary>Done once the server has taken note.</summary>
    internal Task Done => _done.Task;

    /// <summary>The server has taken note; or it doesn't, for a reason.</summary>
    internal void End(Exception? error)
    {
        if (error is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(error);
        }
    }
}

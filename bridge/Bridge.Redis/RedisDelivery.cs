using System.Diagnostics;
using System.Globalization;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>A message that this process has leased.</summary>
/// <param name="settling">Tells the server what becomes of it.</param>
/// <param name="entry">Its name in the stream, or in the subscription's sets.</param>
/// <param name="holder">Who holds the lease: this process where the stream's own list keeps it, else a token.</param>
/// <param name="isInStream">Whether the stream's own list keeps the lease.</param>
/// <param name="key">Its ordering key; null for none.</param>
/// <param name="deadline">How long the lease lasts.</param>
/// <param name="since">A moment before the lease began, as <see cref="Stopwatch.GetTimestamp"/> counts.</param>
internal sealed class RedisDelivery(RedisSettling settling, RedisValue entry, string holder, bool isInStream, string? key, TimeSpan deadline, long since) : Delivery
{
    private long _since = since;

    /// <summary>The next that isn't dealt with. Guarded, as the two below, by the lock of <see cref="HeldDeliveries"/>.</summary>
    internal RedisDelivery? NextHeld { get; set; }

    /// <summary>The one before in that list.</summary>
    internal RedisDelivery? PreviousHeld { get; set; }

    /// <summary>Whether it is in that list.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>Its name in the stream, or in the subscription's sets.</summary>
    internal RedisValue Entry => entry;

    /// <summary>Its ordering key; null for none.</summary>
    internal string? Key => key;

    /// <summary>By which the lease is known; of another lease, what is done with this delivery does nothing.</summary>
    internal string LeaseId => string.Create(CultureInfo.InvariantCulture, $"{Attempt}|{holder}");

    /// <summary>Whether the stream's own list keeps the lease, and it can't be over: then nobody else has the message.</summary>
    internal bool IsSurelyHeld => isInStream && Stopwatch.GetElapsedTime(Volatile.Read(ref _since)) < deadline;

    /// <inheritdoc/>
    public override TimeSpan? Lease { get; } = deadline;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => settling.SettleAsync(this, SettlementKind.Acknowledge, TimeSpan.Zero, null, cancellation);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => settling.SettleAsync(this, SettlementKind.Retry, delay, null, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) =>
        settling.SettleAsync(this, SettlementKind.DeadLetter, TimeSpan.Zero, reason, cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => settling.SettleAsync(this, SettlementKind.Release, TimeSpan.Zero, null, cancellation);

    /// <inheritdoc/>
    public override Task ExtendAsync(CancellationToken cancellation) => settling.SettleAsync(this, SettlementKind.Extend, deadline, null, cancellation);

    /// <summary>The lease has begun anew.</summary>
    /// <param name="since">A moment before it did.</param>
    internal void Renew(long since) => Volatile.Write(ref _since, since);
}

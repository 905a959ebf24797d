using Bridge.Core.PubSub;

namespace Bridge.Redis;

/// <summary>What the server is to be told of a leased message.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Time">Until when it waits, or by how much its lease is longer.</param>
/// <param name="Reason">Why it is given up; null where it isn't.</param>
/// <param name="Cancellation">Whoever waits has gone.</param>
internal sealed record RedisSettlement(RedisDelivery Delivery, SettlementKind Kind, TimeSpan Time, DeadLetterReason? Reason, CancellationToken Cancellation)
{
    /// <summary>Done once the server has taken note.</summary>
    internal TaskCompletionSource Done { get; } = new();
}

/// <summary>What becomes of a leased message.</summary>
internal enum SettlementKind
{
    Acknowledge,
    Retry,
    Release,
    DeadLetter,
    Extend,
}

namespace Bridge.Core.PubSub;

/// <summary>A message that is being handled.</summary>
/// <param name="delivery">The message.</param>
/// <param name="leasedAt">When its lease began, as the clock's timestamp.</param>
internal sealed class Flight(Delivery delivery, long leasedAt)
{
    /// <summary>The message.</summary>
    public Delivery Delivery { get; } = delivery;

    /// <summary>When its lease began last. Thread: that of the leases' keeper.</summary>
    public long LeasedAt { get; set; } = leasedAt;
}

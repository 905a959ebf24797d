namespace Bridge.PubSub.Peer;

/// <summary>What one process has to do.</summary>
public sealed record PeerPlan
{
    /// <summary>Where messages go to and come from.</summary>
    public required PeerBroker Broker { get; init; }

    /// <summary>What all of its messages begin with.</summary>
    public required string Name { get; init; }

    /// <summary>How many messages the broker has to confirm before it stops publishing.</summary>
    public required int Count { get; init; }

    /// <summary>The acknowledgement deadline in seconds.</summary>
    public int LeaseSeconds { get; init; } = 2;

    /// <summary>Whether messages of a key keep their order.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>Whether the handler holds on to every message for ever.</summary>
    public bool IsHolding { get; init; }
}

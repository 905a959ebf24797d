namespace Bridge.Core.PubSub;

/// <summary>What a broker can do beyond delivering each message at least once.</summary>
public sealed record BrokerTraits
{
    /// <summary>As configuration and messages to people name it: "embedded", "nats".</summary>
    public required string Name { get; init; }

    /// <summary>Whether it keeps the order of messages with one key.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Whether it knows a message again by its deduplication id.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Whether a message can be published now to be delivered later.</summary>
    public bool CanDelay { get; init; }

    /// <summary>Whether an attempt that a crash ended counts, though nobody answered for it.</summary>
    public bool CountsLostAttempts { get; init; } = true;

    /// <summary>Whether dead letters can be listed and replayed by this host.</summary>
    public bool ShowsDeadLetters { get; init; } = true;
}

namespace Bridge.Core.PubSub;

/// <summary>A topic as a broker has to carry it: what the application declares, with what the configuration says.</summary>
public sealed record BrokerTopic
{
    /// <summary>Its name in the application.</summary>
    public required string Name { get; init; }

    /// <summary>What the broker knows it by: a name, a path or an ARN. The name, unless the configuration says otherwise.</summary>
    public required string Address { get; init; }

    /// <summary>How often its messages reach a handler.</summary>
    public DeliveryGuarantee Guarantee { get; init; }

    /// <summary>Whether messages with the same <see cref="OutgoingMessage.OrderingKey"/> are delivered in the order they were published in.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>All its subscriptions, also those that other processes handle.</summary>
    public IReadOnlyList<BrokerSubscription> Subscriptions { get; init; } = [];
}

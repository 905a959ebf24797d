using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>A topic of the application on the broker that carries it. Immutable. Thread: any.</summary>
/// <param name="Topic">What the broker has to carry.</param>
/// <param name="Broker">What carries it.</param>
/// <param name="Encoder">Makes messages of what scripts publish.</param>
/// <param name="Subscriptions">Those of the topic, as the application orders them.</param>
internal sealed record ApplicationTopic(
    BrokerTopic Topic, IMessageBroker Broker, MessageEncoder Encoder, IReadOnlyList<ApplicationSubscription> Subscriptions)
{
    /// <summary>The messages' type, by its number in the artifact.</summary>
    public required uint MessageType { get; init; }
}

/// <summary>A subscription of the application.</summary>
/// <param name="Subscription">What the broker has to keep.</param>
/// <param name="Service">The service that handles it; "" for none.</param>
/// <param name="Handler">The number by which the isolate calls its handler.</param>
/// <param name="IsHosted">Whether this process handles its messages.</param>
internal sealed record ApplicationSubscription(BrokerSubscription Subscription, string Service, int Handler, bool IsHosted);

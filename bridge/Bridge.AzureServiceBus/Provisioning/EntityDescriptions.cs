using System.Xml;
using System.Xml.Linq;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Provisioning;

/// <summary>What topics and subscriptions are to be. The service wants the elements in this order.</summary>
internal static class EntityDescriptions
{
    /// <summary>A topic's description.</summary>
    internal const string Topic = "TopicDescription";

    /// <summary>A subscription's description.</summary>
    internal const string Subscription = "SubscriptionDescription";

    /// <summary>A topic's switch: it knows messages again.</summary>
    internal const string Deduplicates = "RequiresDuplicateDetection";

    /// <summary>A subscription's switch: its messages come by sessions.</summary>
    internal const string Sessions = "RequiresSession";

    // https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    // A longer one costs the topic throughput. An outbox sends again what a crash kept it from noting: within seconds of the next start.
    private static readonly TimeSpan DeduplicationTime = TimeSpan.FromHours(1);

    // The most that can be asked for. Retries are counted here, and copies that wait begin anew.
    private const int MaxDeliveries = 2000;

    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>How long a subscription locks a message.</summary>
    internal static TimeSpan LockOf(BrokerSubscription subscription, ServiceBusBrokerOptions options) =>
        subscription.AckDeadline > LongestLock ? LongestLock : subscription.AckDeadline < options.ShortestLock ? options.ShortestLock : subscription.AckDeadline;

    /// <summary>A topic.</summary>
    internal static XElement Of(BrokerTopic topic)
    {
        var description = new XElement(EntityClient.Service + Topic);
        if (topic.Guarantee == DeliveryGuarantee.ExactlyOnce)
        {
            description.Add(
                new XElement(EntityClient.Service + Deduplicates, true),
                new XElement(EntityClient.Service + "DuplicateDetectionHistoryTimeWindow", XmlConvert.ToString(DeduplicationTime)));
        }

        description.Add(new XElement(EntityClient.Service + "SupportOrdering", topic.IsOrdered));
        return description;
    }

    /// <summary>A subscription.</summary>
    internal static XElement Of(EntityPlace place, TimeSpan lockTime) => new(
        EntityClient.Service + Subscription,
        new XElement(EntityClient.Service + "LockDuration", XmlConvert.ToString(lockTime)),
        new XElement(EntityClient.Service + Sessions, place.IsOrdered),
        new XElement(EntityClient.Service + "DeadLetteringOnMessageExpiration", true),
        new XElement(EntityClient.Service + "DeadLetteringOnFilterEvaluationExceptions", true),
        new XElement(
            EntityClient.Service + "DefaultRuleDescription",
            new XElement(
                EntityClient.Service + "Filter",
                new XAttribute(Instance + "type", "SqlFilter"),
                new XElement(EntityClient.Service + "SqlExpression", FilterOf(place))),
            new XElement(EntityClient.Service + "Action", new XAttribute(Instance + "type", "EmptyRuleAction")),
            new XElement(EntityClient.Service + "Name", "$Default")),
        new XElement(EntityClient.Service + "MaxDeliveryCount", MaxDeliveries),
        new XElement(EntityClient.Service + "EnableBatchedOperations", true));

    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
    private static string FilterOf(EntityPlace place) =>
        $"{MessageFields.OnlyForName} IS NULL OR {MessageFields.OnlyForName} = '{place.Subscription.Replace("'", "''", StringComparison.Ordinal)}'";
}

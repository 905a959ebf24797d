using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus;

/// <summary>What a subscription is called at the service. Immutable.</summary>
/// <param name="Topic">Its topic there.</param>
/// <param name="Subscription">Its name within the topic.</param>
/// <param name="IsOrdered">Whether its messages come by sessions.</param>
internal sealed record EntityPlace(string Topic, string Subscription, bool IsOrdered)
{
    // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    private const int MaxSubscription = 50;

    /// <summary>By which it is received from.</summary>
    internal string Path => $"{Topic}/Subscriptions/{Subscription}";

    /// <summary>Where its dead letters are.</summary>
    internal string DeadLetters => $"{Path}/$DeadLetterQueue";

    /// <summary>What a topic is called.</summary>
    internal static string TopicOf(ServiceBusBrokerOptions options, BrokerTopic topic) => options.Prefix + topic.Address;

    /// <summary>What a subscription is called: names that are too long are cut and told apart by their hash.</summary>
    internal static EntityPlace Of(ServiceBusBrokerOptions options, BrokerTopic topic, BrokerSubscription subscription)
    {
        var name = subscription.Address;
        if (name.Length > MaxSubscription)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..10];
            name = $"{name[..(MaxSubscription - hash.Length - 1)]}-{hash}";
        }

        return new EntityPlace(TopicOf(options, topic), name, topic.IsOrdered);
    }
}

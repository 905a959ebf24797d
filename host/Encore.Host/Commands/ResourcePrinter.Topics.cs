using System.Globalization;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

internal sealed partial class ResourcePrinter
{
    private void PrintTopic(TopicSchema topic)
    {
        var guarantee = topic.Guarantee == TopicGuarantee.ExactlyOnce ? "exactly once" : "at least once";
        var order = topic.OrderingAttribute.Length > 0 ? $", ordered by {topic.OrderingAttribute}" : "";
        var attributes = topic.Attributes.Count > 0 ? $", with {string.Join(", ", topic.Attributes.Select(NameOf))} beside the body" : "";
        Line($"  {topic.Name}: {types.Use(topic.Message)}, {guarantee}{order}{attributes}{Place(topic.Position)}");
        foreach (var subscription in schema.Subscriptions.Where(subscription => ReferenceEquals(schema.Topics[(int)subscription.Topic], topic)))
        {
            PrintSubscription(subscription);
        }
    }

    private static string NameOf(TopicAttribute attribute) =>
        attribute.Name == attribute.Field ? attribute.Field : $"{attribute.Field} as {attribute.Name}";

    private void PrintSubscription(SubscriptionSchema subscription)
    {
        var service = subscription.HasService ? $" → {schema.Services[(int)subscription.Service].Name}" : "";
        var many = subscription.HasMaxConcurrency ? string.Create(CultureInfo.InvariantCulture, $"{subscription.MaxConcurrency} at a time") : "any number at a time";
        var retries = subscription.MaxRetries switch
        {
            < 0 => $"retried for ever{BackoffOf(subscription)}",
            0 => "never retried",
            1 => $"retried once{BackoffOf(subscription)}",
            var times => string.Create(CultureInfo.InvariantCulture, $"retried {times} times{BackoffOf(subscription)}"),
        };
        var deadlines = string.Create(CultureInfo.InvariantCulture, $"acknowledged within {subscription.AckDeadlineSeconds} s, kept for {subscription.MessageRetentionSeconds} s");
        Line($"    {subscription.Name}{service}: {many}, {deadlines}, {retries}{Place(subscription.Position)}");
    }

    private static string BackoffOf(SubscriptionSchema subscription) =>
        string.Create(CultureInfo.InvariantCulture, $" after {subscription.MinBackoffSeconds} to {subscription.MaxBackoffSeconds} s");
}

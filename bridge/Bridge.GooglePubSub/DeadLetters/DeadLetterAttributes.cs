using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Google.Protobuf.Collections;

namespace Bridge.GooglePubSub.DeadLetters;

/// <summary>What a dead letter carries beside what was published, as attributes of its own.</summary>
internal static class DeadLetterAttributes
{
    // https://cloud.google.com/pubsub/quotas#resource_limits
    private const int MaxValueBytes = 1024;

    private const string Prefix = "encore-dead-";
    private const string Id = Prefix + "id";
    private const string Published = Prefix + "published";
    private const string Died = Prefix + "died";
    private const string Attempts = Prefix + "attempts";
    private const string Cause = Prefix + "cause";
    private const string Reason = Prefix + "reason";
    private const string Key = Prefix + "key";

    /// <summary>Of a replayed message, the one subscription of its topic that it is for.</summary>
    private const string Addressee = "encore-only";

    // What Pub/Sub adds where it gives a message up by itself. https://cloud.google.com/pubsub/docs/handling-failures
    private const string GoogleAttempts = "CloudPubSubDeadLetterSourceDeliveryCount";
    private const string GooglePublished = "CloudPubSubDeadLetterSourceTopicPublishTime";
    private const string GooglePrefix = "CloudPubSubDeadLetterSource";

    /// <summary>Writes those of a delivery.</summary>
    /// <param name="attributes">Where to.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="key">The key whose order the message keeps; "" for none.</param>
    /// <param name="reason">Why it was given up.</param>
    /// <param name="now">When.</param>
    public static void Write(MapField<string, string> attributes, Delivery delivery, string key, DeadLetterReason reason, DateTimeOffset now)
    {
        attributes[Id] = delivery.MessageId;
        attributes[Published] = delivery.PublishedAt.ToString("O", CultureInfo.InvariantCulture);
        attributes[Died] = now.ToString("O", CultureInfo.InvariantCulture);
        attributes[Attempts] = delivery.Attempt.ToString(CultureInfo.InvariantCulture);
        attributes[Cause] = reason.Cause.ToString();
        attributes[Reason] = Fit(reason.Text);
        if (key.Length > 0)
        {
            attributes[Key] = key;
        }
    }

    /// <summary>Reads a dead letter, also one that Pub/Sub itself gave up.</summary>
    public static DeadLetter Read(PubsubMessage message)
    {
        var attributes = message.Attributes;
        var died = message.PublishTime.ToDateTimeOffset();
        return new DeadLetter
        {
            Id = message.MessageId,
            MessageId = attributes.TryGetValue(Id, out var id) ? id : message.MessageId,
            PublishedAt = Time(attributes, Published) ?? Time(attributes, GooglePublished),
            DiedAt = Time(attributes, Died) ?? died,
            Attempts = Number(attributes, Attempts) ?? Number(attributes, GoogleAttempts) ?? 1,
            Reason = attributes.TryGetValue(Reason, out var reason) && Enum.TryParse<DeadLetterCause>(attributes.GetValueOrDefault(Cause), out var cause)
                ? new DeadLetterReason(cause, reason)
                : new DeadLetterReason(DeadLetterCause.Failed, "given up by Pub/Sub itself: too many deliveries ended without an answer"),
            Body = message.Data.Memory,
            Attributes = Own(attributes),
        };
    }

    /// <summary>The message to be published again for one subscription.</summary>
    public static PubsubMessage Revive(PubsubMessage dead, string subscription)
    {
        var message = new PubsubMessage { Data = dead.Data, OrderingKey = dead.Attributes.GetValueOrDefault(Key, "") };
        message.Attributes.Add(Own(dead.Attributes));
        message.Attributes[Addressee] = subscription;
        return message;
    }

    /// <summary>Whether a subscription is meant by a message.</summary>
    public static bool IsFor(IDictionary<string, string> attributes, string subscription) =>
        !attributes.TryGetValue(Addressee, out var only) || only == subscription;

    /// <summary>A message's attributes as they were published.</summary>
    public static IReadOnlyDictionary<string, string> WithoutAddressee(IDictionary<string, string> attributes) =>
        attributes.Where(attribute => attribute.Key != Addressee).ToDictionary(attribute => attribute.Key, attribute => attribute.Value, StringComparer.Ordinal);

    private static Dictionary<string, string> Own(MapField<string, string> attributes) =>
        attributes.Where(attribute => attribute.Key != Addressee
                && !attribute.Key.StartsWith(Prefix, StringComparison.Ordinal) && !attribute.Key.StartsWith(GooglePrefix, StringComparison.Ordinal))
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value, StringComparer.Ordinal);

    private static string Fit(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MaxValueBytes)
        {
            return text;
        }

        Span<byte> bytes = stackalloc byte[MaxValueBytes];
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: false, out var used, out _, out _);
        return text[..used];
    }

    private static DateTimeOffset? Time(MapField<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static int? Number(MapField<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string GetValueOrDefault(this MapField<string, string> attributes, string name, string other = "") =>
        attributes.TryGetValue(name, out var value) ? value : other;
}

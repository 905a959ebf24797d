using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>Where the application can publish. Immutable. Thread: any.</summary>
/// <param name="targets">The topics by name.</param>
internal sealed class PublishTargets(IReadOnlyDictionary<string, PublishTarget> targets)
{
    /// <summary>The name of publishing's errors in scripts.</summary>
    public const string ErrorName = "PublishError";

    /// <summary>Finds a topic.</summary>
    /// <exception cref="OperationException">There is none of this name.</exception>
    public PublishTarget Find(JsonElement name)
    {
        var text = name.GetString() ?? "";
        return targets.TryGetValue(text, out var target)
            ? target
            : throw new OperationException(ErrorName, $"the application declares no topic {text}: build it again");
    }
}

/// <summary>A topic with what publishes to it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Writer">What publishes.</param>
internal sealed record PublishTarget(ApplicationTopic Topic, TopicWriter Writer)
{
    /// <summary>The topic's name.</summary>
    public string Name => Topic.Topic.Name;

    /// <summary>Makes a message.</summary>
    /// <param name="payload"><c>[topic, message, trace, deliverAt, …]</c>; null for no trace, null for at once.</param>
    /// <exception cref="OperationException">It isn't what the topic declares, or can't be delivered as asked.</exception>
    public OutgoingMessage Encode(JsonElement payload)
    {
        DateTimeOffset? deliverAt = payload[3].GetString() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
        if (deliverAt is not null && !Topic.Broker.Traits.CanDelay)
        {
            throw new OperationException(
                PublishTargets.ErrorName, $"topic {Name} is on {Topic.Broker.Traits.Name}, which can't deliver later: publish without deliverAt");
        }

        return Topic.Encoder.Encode(JsonMarshal.GetRawUtf8Value(payload[1]), payload[2].GetString(), deliverAt, out var failure)
            ?? throw new OperationException(PublishTargets.ErrorName, $"the message isn't what topic {Name} declares: {failure}", "EINVAL");
    }
}

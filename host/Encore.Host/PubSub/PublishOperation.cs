using System.Globalization;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>What <c>topic.publish(…)</c> asks of the host. Thread: any.</summary>
/// <param name="topics">The application's topics by name.</param>
internal sealed class PublishOperation(IReadOnlyDictionary<string, PublishTarget> topics) : IOperationHandler
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "pubsub.publish";

    /// <summary>The error's name in scripts.</summary>
    private const string ErrorName = "PublishError";

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var name = payload.GetProperty("topic").GetString() ?? "";
        if (!topics.TryGetValue(name, out var target))
        {
            throw new OperationException(ErrorName, $"the application declares no topic {name}: build it again");
        }

        var message = Encode(target, payload);
        try
        {
            var id = await target.Writer.PublishAsync(message);
            return new OperationOutcome(JsonSerializer.Serialize(id));
        }
        catch (BrokerException error)
        {
            var help = error.Help.Length > 0 ? $" ({error.Help})" : "";
            throw new OperationException(ErrorName, $"publishing to {name} failed: {error.Message}{help}", error.IsTransient ? "EAGAIN" : null, error);
        }
    }

    private static OutgoingMessage Encode(PublishTarget target, JsonElement payload)
    {
        var name = target.Topic.Topic.Name;
        var deliverAt = ReadTime(payload, "deliverAt");
        if (deliverAt is not null && !target.Topic.Broker.Traits.CanDelay)
        {
            throw new OperationException(ErrorName, $"topic {name} is on {target.Topic.Broker.Traits.Name}, which can't deliver later: publish without deliverAt");
        }

        var json = payload.TryGetProperty("message", out var value) ? value.GetRawText() : "null";
        return target.Topic.Encoder.Encode(json, TextOf(payload, "trace"), deliverAt, out var failure)
            ?? throw new OperationException(ErrorName, $"the message isn't what topic {name} declares: {failure}", "EINVAL");
    }

    private static string? TextOf(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? ReadTime(JsonElement payload, string name) =>
        TextOf(payload, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
}

/// <summary>A topic with what publishes to it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Writer">What publishes.</param>
internal sealed record PublishTarget(ApplicationTopic Topic, TopicWriter Writer);

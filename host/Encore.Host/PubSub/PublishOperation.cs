using System.Globalization;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Bridge.Postgres.Queries;

namespace Encore.Host.PubSub;

/// <summary>What <c>topic.publish(…)</c> asks of the host. Thread: any.</summary>
/// <param name="topics">The application's topics by name.</param>
/// <param name="sql">Keeps the messages of transactions.</param>
internal sealed class PublishOperation(IReadOnlyDictionary<string, PublishTarget> topics, SqlOperations sql) : IOperationHandler
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "pubsub.publish";

    /// <summary>The error's name in scripts.</summary>
    private const string ErrorName = "PublishError";

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var id = payload.TryGetProperty("session", out var session)
            ? await PublishWithinAsync(session.GetInt32(), payload.GetProperty("place").GetInt32(), payload, cancellation)
            : await PublishAsync(Find(payload), payload);
        return new OperationOutcome(JsonSerializer.Serialize(id));
    }

    private PublishTarget Find(JsonElement payload)
    {
        var name = payload.GetProperty("topic").GetString() ?? "";
        return topics.TryGetValue(name, out var target)
            ? target
            : throw new OperationException(ErrorName, $"the application declares no topic {name}: build it again");
    }

    private static async ValueTask<string> PublishAsync(PublishTarget target, JsonElement payload)
    {
        var message = Encode(target, payload);
        try
        {
            return await target.Writer.PublishAsync(message);
        }
        catch (BrokerException error)
        {
            var help = error.Help.Length > 0 ? $" ({error.Help})" : "";
            throw new OperationException(
                ErrorName, $"publishing to {target.Topic.Topic.Name} failed: {error.Message}{help}", error.IsTransient ? "EAGAIN" : null, error);
        }
    }

    // The transaction's other statements wait for this one's turn, whatever becomes of the message.
    private async ValueTask<string> PublishWithinAsync(int session, int place, JsonElement payload, CancellationToken cancellation)
    {
        PublishTarget target;
        OutgoingMessage message;
        try
        {
            target = Find(payload);
            message = Encode(target, payload);
        }
        catch (OperationException)
        {
            await sql.PassTurnAsync(session, place);
            throw;
        }

        return await sql.InsertIntoOutboxAsync(session, place, target.Topic.Topic.Name, message, cancellation);
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

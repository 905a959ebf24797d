using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridge.Sqs.Queues;

/// <summary>
/// A message as SNS puts it into a queue that isn't subscribed raw: a JSON object around the text that was published. It keeps what raw delivery
/// loses: the id that the publisher was told, the time, and more than ten attributes. Immutable.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html</remarks>
internal sealed record SnsEnvelope
{
    /// <summary>The id that the publisher was told.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>What was published.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What was published beside it.</summary>
    public required Dictionary<string, string> Attributes { get; init; }

    /// <summary>Reads a queue's message.</summary>
    /// <returns>null where it isn't an envelope: it was delivered raw, or didn't come through SNS.</returns>
    public static SnsEnvelope? Read(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{") || !text.Contains("\"TopicArn\"", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes what SNS would have put into the queue.</summary>
    /// <param name="messageId">The id that the publisher was told.</param>
    /// <param name="publishedAt">When it was published.</param>
    /// <param name="body">What was published.</param>
    /// <param name="attributes">What was published beside it.</param>
    public static string Write(string messageId, DateTimeOffset publishedAt, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> attributes)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Type"u8, "Notification"u8);
            json.WriteString("MessageId"u8, messageId);
            json.WriteString("TopicArn"u8, ""u8);
            json.WriteString("Message"u8, body);
            json.WriteString("Timestamp"u8, publishedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("MessageAttributes"u8);
            foreach (var (name, value) in attributes)
            {
                json.WriteStartObject(name);
                json.WriteString("Type"u8, "String"u8);
                json.WriteString("Value"u8, value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static SnsEnvelope? Read(JsonElement root)
    {
        if (TextOf(root, "Type") != "Notification" || TextOf(root, "TopicArn") is null || TextOf(root, "MessageId") is not { } id
            || TextOf(root, "Message") is not { } message || TextOf(root, "Timestamp") is not { } timestamp
            || !DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var publishedAt))
        {
            return null;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetProperty("MessageAttributes", out var members) && members.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in members.EnumerateObject())
            {
                attributes[member.Name] = TextOf(member.Value, "Value") ?? "";
            }
        }

        return new SnsEnvelope { MessageId = id, PublishedAt = publishedAt, Body = Encoding.UTF8.GetBytes(message), Attributes = attributes };
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;

namespace Bridge.Sqs.DeadLetters;

/// <summary>
/// What a dead letter carries beside its body, as one message attribute: SQS takes no more than ten, and the message's own may be as many.
/// Immutable.
/// </summary>
internal sealed record DeadLetterRecord
{
    /// <summary>The attribute's name.</summary>
    public const string AttributeName = "encore-dead-letter";

    // A stack trace in the reason must not make the message too big to be kept.
    private const int MaxReason = 8 * 1024;

    /// <summary>By which the message was delivered.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was published; null where that isn't known.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset DiedAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it was given up.</summary>
    public required DeadLetterReason Reason { get; init; }

    /// <summary>Of a FIFO queue, the group it belonged to; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Whether the body is kept in Base64, because SQS doesn't carry all its characters.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>What was published beside the body.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>That of a delivery.</summary>
    public static DeadLetterRecord Of(SqsDelivery delivery, DeadLetterReason reason, DateTimeOffset now, bool isBase64) => new()
    {
        MessageId = delivery.MessageId,
        PublishedAt = delivery.PublishedAt,
        DiedAt = now,
        Attempts = delivery.Attempt,
        Reason = reason.Text.Length > MaxReason ? reason with { Text = reason.Text[..MaxReason] } : reason,
        Group = delivery.Group,
        IsBase64 = isBase64,
        Attributes = delivery.Attributes,
    };

    /// <summary>As JSON in ASCII.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, MessageId);
            if (PublishedAt is { } publishedAt)
            {
                json.WriteString("publishedAt"u8, publishedAt.UtcDateTime);
            }

            json.WriteString("diedAt"u8, DiedAt.UtcDateTime);
            json.WriteNumber("attempts"u8, Attempts);
            json.WriteString("cause"u8, Reason.Cause.ToString().ToLowerInvariant());
            json.WriteString("reason"u8, Reason.Text);
            if (Group is not null)
            {
                json.WriteString("group"u8, Group);
            }

            json.WriteBoolean("base64"u8, IsBase64);
            json.WriteStartObject("attributes"u8);
            foreach (var (name, value) in Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <returns>null where it is something else.</returns>
    public static DeadLetterRecord? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new DeadLetterRecord
            {
                MessageId = root.GetProperty("id").GetString()!,
                PublishedAt = root.TryGetProperty("publishedAt", out var published) ? Time(published) : null,
                DiedAt = Time(root.GetProperty("diedAt")),
                Attempts = root.GetProperty("attempts").GetInt32(),
                Reason = new DeadLetterReason(
                    Enum.Parse<DeadLetterCause>(root.GetProperty("cause").GetString()!, ignoreCase: true), root.GetProperty("reason").GetString()!),
                Group = root.TryGetProperty("group", out var group) ? group.GetString() : null,
                IsBase64 = root.GetProperty("base64").GetBoolean(),
                Attributes = root.GetProperty("attributes").EnumerateObject()
                    .ToDictionary(attribute => attribute.Name, attribute => attribute.Value.GetString()!, StringComparer.Ordinal),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static DateTimeOffset Time(JsonElement value) =>
        DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

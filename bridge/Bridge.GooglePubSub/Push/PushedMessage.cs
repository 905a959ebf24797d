using System.Globalization;
using System.Text.Json;

namespace Bridge.GooglePubSub.Push;

/// <summary>A message as the body of a push request has it.</summary>
/// <remarks>https://cloud.google.com/pubsub/docs/push#receive_push</remarks>
internal sealed record PushedMessage
{
    /// <summary>The service's name for it.</summary>
    public required string Id { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>What was published.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What was published beside it.</summary>
    public required IDictionary<string, string> Attributes { get; init; }

    /// <summary>The key whose order it keeps; "" for none.</summary>
    public required string Key { get; init; }

    /// <summary>The full name of the subscription that it is of.</summary>
    public required string Subscription { get; init; }

    /// <summary>Which delivery the service says it is; 0 where it doesn't.</summary>
    public required int CountedAttempt { get; init; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">UTF-8: <c>{"message":{"data":…,"messageId":…,"publishTime":…},"subscription":…}</c>.</param>
    /// <param name="fault">What is wrong; "" where nothing is.</param>
    /// <returns>The message; null where the body is none.</returns>
    public static PushedMessage? Parse(ReadOnlySpan<byte> body, out string fault)
    {
        fault = "";
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);

            // It throws where something comes behind.
            reader.Read();
            var message = json.RootElement.GetProperty("message");
            return new PushedMessage
            {
                Id = TextOf(message, "messageId") is { Length: > 0 } id ? id : throw new FormatException("it has no messageId"),
                PublishedAt = DateTimeOffset.Parse(TextOf(message, "publishTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                Data = message.TryGetProperty("data", out var data) ? data.GetBytesFromBase64() : ReadOnlyMemory<byte>.Empty,
                Attributes = AttributesOf(message),
                Key = TextOf(message, "orderingKey"),
                Subscription = TextOf(json.RootElement, "subscription"),
                CountedAttempt = json.RootElement.TryGetProperty("deliveryAttempt", out var attempt) ? attempt.GetInt32() : 0,
            };
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            fault = error.Message;
            return null;
        }
    }

    private static string TextOf(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static Dictionary<string, string> AttributesOf(JsonElement message)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (message.TryGetProperty("attributes", out var all))
        {
            foreach (var attribute in all.EnumerateObject())
            {
                attributes[attribute.Name] = attribute.Value.GetString() ?? "";
            }
        }

        return attributes;
    }
}

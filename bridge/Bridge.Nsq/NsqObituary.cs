using System.Text.Json;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>What is known of a message's end.</summary>
internal sealed record NsqObituary
{
    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset DiedAt { get; init; }

    /// <summary>Why.</summary>
    public required DeadLetterReason Reason { get; init; }

    /// <summary>Writes it as a member of its message.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("dead");
        writer.WriteNumber("attempts", Attempts);
        writer.WriteString("published", PublishedAt);
        writer.WriteString("died", DiedAt);
        writer.WriteString("cause", Reason.Cause.ToString());
        writer.WriteString("reason", Reason.Text);
        writer.WriteEndObject();
    }

    /// <summary>Reads it; the reader stands at its beginning, and then at its end.</summary>
    /// <returns>Null where it isn't whole.</returns>
    public static NsqObituary? Read(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("attempts", out var attempts) && attempts.TryGetInt32(out var count)
            && root.TryGetProperty("published", out var published) && published.TryGetDateTimeOffset(out var publishedAt)
            && root.TryGetProperty("died", out var died) && died.TryGetDateTimeOffset(out var diedAt)
            && root.TryGetProperty("cause", out var cause) && Enum.TryParse<DeadLetterCause>(cause.GetString(), out var kind)
            && root.TryGetProperty("reason", out var reason)
            ? new NsqObituary { Attempts = count, PublishedAt = publishedAt, DiedAt = diedAt, Reason = new DeadLetterReason(kind, reason.GetString() ?? "") }
            : null;
    }
}

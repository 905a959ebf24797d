namespace Bridge.Core.PubSub;

/// <summary>A message on its way to a broker.</summary>
public sealed record OutgoingMessage
{
    /// <summary>The message as JSON, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The fields that travel beside the body as well, and the trace it belongs to (<c>traceparent</c>).</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Of an ordered topic: messages of the same key keep their order; null for a message without.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>Of a broker that can tell: a second message of the same id is taken for the first. Null for a message that is like no other.</summary>
    public string? DeduplicationId { get; init; }

    /// <summary>Not before then; null for at once. Only where <see cref="BrokerTraits.CanDelay"/>.</summary>
    public DateTimeOffset? DeliverAt { get; init; }
}

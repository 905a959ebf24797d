namespace Bridge.GooglePubSub.Push;

/// <summary>A subscription whose messages Pub/Sub sends by itself.</summary>
public sealed record GooglePush
{
    /// <summary>The topic's name in the application.</summary>
    public required string Topic { get; init; }

    /// <summary>The subscription's name in the application.</summary>
    public required string Subscription { get; init; }

    /// <summary>The last part of the path that requests come to.</summary>
    public required string Id { get; init; }

    /// <summary>The e-mail address of the account that Pub/Sub sends as.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>What the subscription calls its receiver.</summary>
    public required string Audience { get; init; }

    /// <summary>Where requests come to, as Pub/Sub reaches it; null where that isn't known: then the subscription can't be made here.</summary>
    public Uri? Endpoint { get; init; }
}

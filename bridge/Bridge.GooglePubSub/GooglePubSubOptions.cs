using Bridge.GooglePubSub.Push;

namespace Bridge.GooglePubSub;

/// <summary>How Google Cloud Pub/Sub is reached.</summary>
public sealed record GooglePubSubOptions
{
    /// <summary>The project of topics and subscriptions whose addresses are plain names.</summary>
    public required string ProjectId { get; init; }

    /// <summary>
    /// The key of a service account as the JSON text that Google gives out; null for the file that GOOGLE_APPLICATION_CREDENTIALS names, or else the
    /// account of the machine.
    /// </summary>
    public string? ServiceAccountKey { get; init; }

    /// <summary>The host and port of an emulator, without protection and credentials; null for what PUBSUB_EMULATOR_HOST says, or else Google's own service.</summary>
    public string? EmulatorHost { get; init; }

    /// <summary>The subscriptions whose messages are sent by Pub/Sub; all others are pulled.</summary>
    public IReadOnlyList<GooglePush> Pushes { get; init; } = [];

    /// <summary>Where the keys are that Pub/Sub's own requests are signed with.</summary>
    public Uri PushKeysAddress { get; init; } = PushKeys.Address;

    /// <inheritdoc/>
    public override string ToString() => $"Google Cloud Pub/Sub, project {ProjectId}";
}

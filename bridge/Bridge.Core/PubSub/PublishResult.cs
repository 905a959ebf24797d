namespace Bridge.Core.PubSub;

/// <summary>What became of one message that was to be published.</summary>
/// <param name="MessageId">The broker's name for it; null where it wasn't taken.</param>
/// <param name="Error">Why it wasn't taken; null where it was.</param>
public readonly record struct PublishResult(string? MessageId, Exception? Error)
{
    /// <summary>The broker has it safely.</summary>
    public static PublishResult Taken(string messageId) => new(messageId, Error: null);

    /// <summary>The broker doesn't have it, or that can't be known.</summary>
    public static PublishResult Failed(Exception error) => new(MessageId: null, error);
}

namespace Bridge.Core.PubSub;

/// <summary>Handles the messages of one subscription. Thread: any, many at a time.</summary>
public interface IMessageHandler
{
    /// <summary>Handles one message.</summary>
    /// <param name="delivery">The message; the caller ends the delivery by what this returns.</param>
    /// <param name="cancellation">The host can't wait any longer.</param>
    /// <returns>How it went. It doesn't throw.</returns>
    ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation);
}

/// <summary>How the handling of a message ended.</summary>
/// <param name="Outcome">What becomes of the message.</param>
/// <param name="Error">What went wrong, for people; "" where nothing did.</param>
public readonly record struct HandlingResult(HandlingOutcome Outcome, string Error)
{
    /// <summary>The handler has finished.</summary>
    public static HandlingResult Done => new(HandlingOutcome.Done, "");

    /// <summary>The handler has failed, and may succeed later.</summary>
    public static HandlingResult Failed(string error) => new(HandlingOutcome.Failed, error);

    /// <summary>No handler can do anything with the message.</summary>
    public static HandlingResult Invalid(string violations) => new(HandlingOutcome.Invalid, violations);

    /// <summary>The handler wasn't begun, or was given up with the host.</summary>
    public static HandlingResult Abandoned => new(HandlingOutcome.Abandoned, "");
}

/// <summary>What becomes of a message.</summary>
public enum HandlingOutcome
{
    /// <summary>It is acknowledged.</summary>
    Done,

    /// <summary>It comes again, until its retries are spent.</summary>
    Failed,

    /// <summary>It becomes a dead letter at once.</summary>
    Invalid,

    /// <summary>It goes back as it was.</summary>
    Abandoned,
}

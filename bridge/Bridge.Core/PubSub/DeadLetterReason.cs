namespace Bridge.Core.PubSub;

/// <summary>Why a message was given up.</summary>
/// <param name="Cause">What kind of reason it is.</param>
/// <param name="Text">The reason for people: the handler's error, or what is wrong with the message, one line each.</param>
public sealed record DeadLetterReason(DeadLetterCause Cause, string Text);

/// <summary>Kinds of reasons.</summary>
public enum DeadLetterCause
{
    /// <summary>Its handler failed, and all retries are spent.</summary>
    Failed,

    /// <summary>It isn't what the topic's type says.</summary>
    Invalid,

    /// <summary>It wasn't handled within the subscription's retention.</summary>
    Expired,
}

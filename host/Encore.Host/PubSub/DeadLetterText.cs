using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>How commands and the log speak of dead letters.</summary>
internal static class DeadLetterText
{
    /// <summary>A cause in one word.</summary>
    public static string NameOf(DeadLetterCause cause) => cause switch
    {
        DeadLetterCause.Invalid => "invalid",
        DeadLetterCause.Expired => "expired",
        _ => "failed",
    };
}

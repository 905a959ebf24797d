namespace Bridge.Core.PubSub;

/// <summary>When a message whose handler failed comes again: later each time, by chance within bounds, so that what failed together doesn't return together.</summary>
/// <param name="MinBackoff">Before the first retry, at most.</param>
/// <param name="MaxBackoff">Before any, at most.</param>
/// <param name="MaxRetries">After how many of them a message becomes a dead letter; 0: with its first failure; <see cref="Unlimited"/>: never.</param>
public sealed record RetryPolicy(TimeSpan MinBackoff, TimeSpan MaxBackoff, int MaxRetries)
{
    /// <summary>Of <see cref="MaxRetries"/>: a message is tried until it is handled or its retention is over.</summary>
    public const int Unlimited = -1;

    /// <summary>What a subscription has that says nothing of it: 10 s to 10 min, 100 retries.</summary>
    public static RetryPolicy Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), 100);

    /// <summary>How long to wait before a message is tried again.</summary>
    /// <param name="attempt">How often it was tried, 1 or more.</param>
    /// <param name="chance">From 0 to below 1: where in the upper half of the wait the moment lies.</param>
    /// <returns>The wait; null where all retries are spent.</returns>
    public TimeSpan? DelayAfter(int attempt, double chance)
    {
        if (MaxRetries != Unlimited && attempt > MaxRetries)
        {
            return null;
        }

        // 2^30 times any wait is past every bound; a higher power would overflow.
        var doublings = Math.Min(attempt - 1, 30);
        var full = Math.Min(MinBackoff.TotalSeconds * Math.Pow(2, doublings), MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(full * (0.5 + (chance / 2)));
    }
}

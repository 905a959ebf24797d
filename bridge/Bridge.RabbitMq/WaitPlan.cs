namespace Bridge.RabbitMq;

/// <summary>
/// How messages wait: in queues that each keep all of theirs equally long, so that none waits for another. A longer wait is made of several: after
/// each, whoever gets the message sends it to the next.
/// </summary>
internal static class WaitPlan
{
    // Each four times the one before: ten queues reach over an hour, with three stays in each at most.
    private const int Count = 10;
    private const long ShortestMilliseconds = 16;

    private static readonly TimeSpan MaxSlack = TimeSpan.FromMilliseconds(250);

    /// <summary>What there is a queue for: 16 ms to 70 min.</summary>
    internal static IReadOnlyList<TimeSpan> Waits { get; } = [.. Enumerable.Range(0, Count).Select(step => TimeSpan.FromMilliseconds(ShortestMilliseconds << (2 * step)))];

    /// <summary>
    /// The next stay of a message that is to wait: the longest that isn't too long. A sixteenth of the wait, and a quarter of a second, isn't much:
    /// that saves stays of the last moments.
    /// </summary>
    /// <param name="rest">How long it has to wait in all, above 0.</param>
    internal static TimeSpan Next(TimeSpan rest)
    {
        var slack = rest / 16;
        return Waits.LastOrDefault(wait => wait <= rest + (slack < MaxSlack ? slack : MaxSlack), Waits[0]);
    }
}

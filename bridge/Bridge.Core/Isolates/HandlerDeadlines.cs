namespace Bridge.Core.Isolates;

/// <summary>When the time of calls is up, and that somebody looks for those whose time is.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class HandlerDeadlines : IDisposable
{
    // How many times within a deadline calls are looked through: none waits longer than its deadline and a twentieth.
    private const int LooksPerDeadline = 20;

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(20);

    private readonly long _milliseconds;
    private readonly Timer? _timer;

    /// <param name="deadline">The time that a call may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it likes.</param>
    /// <param name="isNeeded">Whether the script has calls; an isolate without any sleeps on. Called on any thread.</param>
    /// <param name="look">Has the isolate end what is overdue. Called on any thread.</param>
    internal HandlerDeadlines(TimeSpan deadline, Func<bool> isNeeded, Action look)
    {
        if (deadline == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        _milliseconds = (long)deadline.TotalMilliseconds;
        var period = deadline / LooksPerDeadline < ShortestPeriod ? ShortestPeriod : deadline / LooksPerDeadline;
        _timer = new Timer(
            _ =>
            {
                if (isNeeded())
                {
                    look();
                }
            },
            null,
            period,
            period);
    }

    /// <summary>The deadline of a call that begins now, in ticks of <see cref="Environment.TickCount64"/>.</summary>
    internal long Next() => _timer is null ? long.MaxValue : Environment.TickCount64 + _milliseconds;

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}

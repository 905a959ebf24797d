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
    private long _last;

    /// <param name="deadline">The time that a call may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it likes.</param>
    /// <param name="look">Has the isolate end what is overdue; on any thread.</param>
    internal HandlerDeadlines(TimeSpan deadline, Action look)
    {
        if (deadline == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        _milliseconds = (long)deadline.TotalMilliseconds;
        var period = deadline / LooksPerDeadline;
        _timer = new Timer(_ => LookIfNeeded(look), null, period < ShortestPeriod ? ShortestPeriod : period, period < ShortestPeriod ? ShortestPeriod : period);
    }

    /// <summary>The deadline of a call that begins now, in ticks of <see cref="Environment.TickCount64"/>.</summary>
    internal long Next()
    {
        if (_timer is null)
        {
            return long.MaxValue;
        }

        var deadline = Environment.TickCount64 + _milliseconds;
        Volatile.Write(ref _last, deadline);
        return deadline;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    // Nothing was called for so long that everything there is has been looked at: an idle isolate sleeps on.
    private void LookIfNeeded(Action look)
    {
        if (Environment.TickCount64 <= Volatile.Read(ref _last) + _milliseconds)
        {
            look();
        }
    }
}

namespace Bridge.Nsq;

/// <summary>A message that nobody has taken yet. Thread: under the source's lock.</summary>
/// <param name="connection">Over which it came.</param>
/// <param name="message">What came.</param>
internal sealed class Arrival(NsqConnection connection, NsqMessage message)
{
    // So often its lease is extended; then nobody has asked for it so long that it is better with another process.
    private const int MaxLeases = 3;

    private readonly long _cameAt = Environment.TickCount64;
    private long _touchedAt = Environment.TickCount64;

    /// <summary>Over which it came.</summary>
    public NsqConnection Connection => connection;

    /// <summary>What came.</summary>
    public NsqMessage Message => message;

    /// <summary>How long it is this process's, in milliseconds.</summary>
    public long Lease => connection.Identity.LeaseMilliseconds;

    /// <summary>How long its lease has run, in milliseconds.</summary>
    public long SinceTouched => Environment.TickCount64 - _touchedAt;

    /// <summary>Whether it is another's by now.</summary>
    public bool IsOver => SinceTouched >= Lease;

    /// <summary>Has the lease begin anew, unless that was often enough.</summary>
    /// <returns>Whether nsqd is to be told.</returns>
    public bool Touch()
    {
        if (Environment.TickCount64 - _cameAt > MaxLeases * Lease)
        {
            return false;
        }

        _touchedAt = Environment.TickCount64;
        return true;
    }
}

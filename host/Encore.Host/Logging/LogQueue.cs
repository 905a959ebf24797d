namespace Encore.Host.Logging;

/// <summary>
/// The bounded queue between the threads that log and the one that writes.
/// </summary>
/// <remarks>
/// Two arrays change places: loggers fill one while the writer empties the other, so a line costs its copy and an uncontended lock.
/// The writer is woken once for a batch, not for each line. Thread: any; <see cref="Take"/> and <see cref="Written"/> the writer's.
/// </remarks>
internal sealed class LogQueue
{
    // 16 Ki lines of about 120 bytes: 2 MB at worst, and a second of a busy server's requests.
    private const int Capacity = 16 * 1024;
    private const int InitialCapacity = 64;

    // Long enough to gather a batch under load, short enough that nobody sees it.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly object _gate = new();
    private LogEntry[] _filling = new LogEntry[InitialCapacity];
    private int _count;
    private long _accepted;
    private long _written;
    private long _dropped;
    private bool _writerIdle;
    private bool _hurry;
    private bool _stalled;
    private bool _closed;

    /// <summary>
    /// Adds a line; waits for room at most as long as the caller has patience, then counts it as dropped. After a wait in vain nobody waits
    /// again until lines are taken.
    /// </summary>
    public void Add(in LogEntry entry, TimeSpan patience)
    {
        lock (_gate)
        {
            if ((_count == Capacity && (_stalled || !WaitForRoom(patience))) || _closed)
            {
                _stalled |= patience > TimeSpan.Zero;
                _dropped++;
                return;
            }

            if (_count == _filling.Length)
            {
                Array.Resize(ref _filling, Math.Min(_count * 4, Capacity));
            }

            _filling[_count++] = entry;
            _accepted++;
            if (_writerIdle || _count == Capacity / 2)
            {
                WakeWriter();
            }
        }
    }

    /// <summary>Waits for lines and takes them all.</summary>
    /// <param name="spare">An array to fill next, given in exchange; replaced by the one to write.</param>
    /// <param name="dropped">Lines dropped since the last call.</param>
    /// <returns>How many lines there are; 0 once the queue is closed and empty.</returns>
    public int Take(ref LogEntry[] spare, out long dropped)
    {
        lock (_gate)
        {
            while (_count == 0 && !_closed)
            {
                _writerIdle = true;
                Monitor.Wait(_gate);
            }

            if (!_hurry && !_closed)
            {
                Monitor.Wait(_gate, Linger);
            }

            _hurry = false;
            _stalled = false;
            dropped = _dropped;
            _dropped = 0;
            var count = _count;
            (_filling, spare) = (spare, _filling);
            _count = 0;
            Monitor.PulseAll(_gate);
            return count;
        }
    }

    /// <summary>Says that lines taken are on their way out of the process.</summary>
    public void Written(int count)
    {
        lock (_gate)
        {
            _written += count;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until what was added before is written, or the time is up.</summary>
    public void Flush(TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_gate)
        {
            var target = _accepted;
            while (_written < target && Remaining(deadline) is > 0 and var left)
            {
                _hurry = true;
                WakeWriter();
                Monitor.Wait(_gate, left);
            }
        }
    }

    /// <summary>Lets the writer end when it has taken everything.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            WakeWriter();
        }
    }

    private bool WaitForRoom(TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (_count == Capacity && !_closed && Remaining(deadline) is > 0 and var left)
        {
            Monitor.Wait(_gate, left);
        }

        return _count < Capacity;
    }

    private void WakeWriter()
    {
        _writerIdle = false;
        _hurry |= _count >= Capacity / 2;
        Monitor.PulseAll(_gate);
    }

    private static int Remaining(long deadline) => (int)Math.Max(0, deadline - Environment.TickCount64);
}

using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>
/// The records of one partition between the first that isn't done and the last that was read. Only what comes before the first is
/// committed, whatever is done behind it. Thread: under the source's lock.
/// </summary>
/// <param name="partition">Which.</param>
/// <param name="isRetry">Whether it is of the subscription's retry topic.</param>
internal sealed class PartitionWindow(TopicPartition partition, bool isRetry)
{
    // Beyond these the partition isn't read on until some are done: records that wait, and all that are remembered.
    private const int MaxIdle = 2000;
    private const long MaxIdleBytes = 4 * 1024 * 1024;
    private const int MaxSpan = 10_000;

    private readonly Queue<WindowEntry> _entries = new();
    private readonly Dictionary<string, Queue<WindowEntry>> _keys = new(StringComparer.Ordinal);
    private long _lastToHand = long.MaxValue;
    private int _idle;
    private long _idleBytes;

    /// <summary>Which.</summary>
    public TopicPartition Partition => partition;

    /// <summary>Whether it is of the subscription's retry topic.</summary>
    public bool IsRetry => isRetry;

    /// <summary>The group gave it to another process: what becomes of its records is no longer told to the cluster.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether a record before the last that was begun isn't done, after <see cref="BeginLeaving"/>.</summary>
    public bool IsOpen => _entries.TryPeek(out var first) && first.Offset <= _lastToHand;

    /// <summary>Whether it isn't read on.</summary>
    public bool IsPaused { get; set; }

    /// <summary>From where to read again, to be committed; null where that is known to the library.</summary>
    public long? Uncommitted { get; private set; }

    /// <summary>Whether no more are to be read.</summary>
    public bool IsFull => _idle >= MaxIdle || _idleBytes >= MaxIdleBytes || _entries.Count >= MaxSpan;

    /// <summary>Whether reading on is worth it again after it was full.</summary>
    public bool HasRoom => _idle <= MaxIdle / 2 && _idleBytes <= MaxIdleBytes / 2 && _entries.Count <= MaxSpan / 2;

    /// <summary>Takes a record that was read.</summary>
    /// <returns>Whether no earlier one of its key stands before it.</returns>
    public bool Add(WindowEntry entry)
    {
        _entries.Enqueue(entry);
        if (entry.Key is not { } key)
        {
            return true;
        }

        if (!_keys.TryGetValue(key, out var line))
        {
            _keys[key] = line = new Queue<WindowEntry>();
        }

        line.Enqueue(entry);
        return line.Count == 1;
    }

    /// <summary>A record begins to wait.</summary>
    public void BeginIdle(WindowEntry entry, EntryState state)
    {
        entry.State = state;
        _idle++;
        _idleBytes += entry.Size;
    }

    /// <summary>A record has waited.</summary>
    public void EndIdle(WindowEntry entry)
    {
        _idle--;
        _idleBytes -= entry.Size;
    }

    /// <summary>Takes note that nothing more is to become of a record.</summary>
    /// <returns>The next of its key, if that waited for this one.</returns>
    public WindowEntry? End(WindowEntry entry)
    {
        entry.End();
        while (_entries.TryPeek(out var first) && first.State == EntryState.Done)
        {
            Uncommitted = first.Offset + 1;
            _entries.Dequeue();
        }

        if (entry.Key is not { } key)
        {
            return null;
        }

        // Invariant: only the first of a key's line is ever handed out.
        var line = _keys[key];
        line.Dequeue();
        if (line.TryPeek(out var next))
        {
            return next;
        }

        _keys.Remove(key);
        return null;
    }

    /// <summary>The library knows from where to read again.</summary>
    public void MarkStored() => Uncommitted = null;

    /// <summary>The group is about to give it to another process: nothing new is begun.</summary>
    public void BeginLeaving() =>
        _lastToHand = _entries.Where(entry => entry.State is EntryState.Done or EntryState.Handed).Select(entry => entry.Offset).DefaultIfEmpty(-1).Max();

    /// <summary>Whether a record may be handed out.</summary>
    public bool Allows(WindowEntry entry) => entry.Offset <= _lastToHand;

    /// <summary>The group gave it to another process.</summary>
    public void Leave()
    {
        _lastToHand = -1;
        IsGone = true;
        _entries.Clear();
        _keys.Clear();
    }

    /// <summary>The records that wait for their time while at least so many behind them are done.</summary>
    /// <returns>False where there are none.</returns>
    public bool TryFindObstacles(int minDone, [NotNullWhen(true)] out List<WindowEntry>? obstacles)
    {
        obstacles = null;
        if (!isRetry || !_entries.TryPeek(out var first) || first.State != EntryState.Waiting || _entries.Count <= minDone)
        {
            return false;
        }

        var waiting = new List<WindowEntry>();
        var done = 0;
        var lastDone = 0;
        foreach (var entry in _entries)
        {
            if (entry.State == EntryState.Waiting)
            {
                waiting.Add(entry);
            }
            else if (entry.State == EntryState.Done)
            {
                done++;
                lastDone = waiting.Count;
            }
        }

        obstacles = waiting[..lastDone];
        return done >= minDone && lastDone > 0;
    }
}

namespace Bridge.GooglePubSub.Receiving;

/// <summary>
/// How often this process has tried messages: Pub/Sub counts only for subscriptions with a dead-letter policy, and counts what was given back
/// unbegun as well. Thread: any.
/// </summary>
internal sealed class AttemptCounts
{
    // Far more than a process has in hand at a time; the oldest are forgotten.
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Attempts, int Releases)> _counts = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Counts a reception.</summary>
    /// <param name="id">The message.</param>
    /// <param name="counted">Which delivery the service says it is; 0 where it doesn't.</param>
    /// <returns>Which attempt it is.</returns>
    public int Next(string id, int counted)
    {
        lock (_lock)
        {
            var (attempts, releases) = _counts.GetValueOrDefault(id);
            var attempt = Math.Max(attempts + 1, counted - releases);
            Set(id, (attempt, releases));
            return attempt;
        }
    }

    /// <summary>A reception was no attempt.</summary>
    public void Undo(string id)
    {
        lock (_lock)
        {
            var (attempts, releases) = _counts.GetValueOrDefault(id);
            Set(id, (Math.Max(0, attempts - 1), releases + 1));
        }
    }

    /// <summary>The service counts a delivery that this process hasn't taken.</summary>
    public void Skip(string id)
    {
        lock (_lock)
        {
            var (attempts, releases) = _counts.GetValueOrDefault(id);
            Set(id, (attempts, releases + 1));
        }
    }

    private void Set(string id, (int Attempts, int Releases) counts)
    {
        if (!_counts.ContainsKey(id))
        {
            _order.Enqueue(id);
            if (_order.Count > Capacity)
            {
                _counts.Remove(_order.Dequeue());
            }
        }

        _counts[id] = counts;
    }
}

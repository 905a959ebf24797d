namespace Bridge.Sqs.Queues;

/// <summary>
/// How often this process gave messages back that it hadn't begun: SQS counts those receptions as attempts, and they aren't. Of other processes
/// it knows nothing. Thread: any.
/// </summary>
internal sealed class ReleaseCounts
{
    // Far more than a process has in hand at a time; the oldest are forgotten.
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Counts one more of a message.</summary>
    public void Add(string id)
    {
        lock (_lock)
        {
            if (_counts.TryGetValue(id, out var count))
            {
                _counts[id] = count + 1;
                return;
            }

            _counts[id] = 1;
            _order.Enqueue(id);
            if (_order.Count > Capacity)
            {
                _counts.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>How many there were of a message.</summary>
    public int Of(string id)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(id);
        }
    }
}

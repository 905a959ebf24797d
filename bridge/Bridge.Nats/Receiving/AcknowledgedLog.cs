namespace Bridge.Nats.Receiving;

/// <summary>The messages that were acknowledged last, so that those that come again all the same are known. Thread: any.</summary>
internal sealed class AcknowledgedLog
{
    // Several seconds' worth of them at the speed that one connection reaches, in a few MiB.
    private const int Capacity = 1 << 16;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Id, long StoredAt)> _known = [];
    private readonly Queue<(string Id, long StoredAt)> _order = [];

    /// <summary>Remembers a message in place of the oldest.</summary>
    /// <param name="id">Its number in the stream.</param>
    /// <param name="storedAt">When it was stored, in nanoseconds: a stream that is made anew begins to count anew.</param>
    internal void Add(string id, long storedAt)
    {
        lock (_lock)
        {
            if (!_known.Add((id, storedAt)))
            {
                return;
            }

            _order.Enqueue((id, storedAt));
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Whether a message is remembered.</summary>
    internal bool Contains(string id, long storedAt)
    {
        lock (_lock)
        {
            return _known.Contains((id, storedAt));
        }
    }
}

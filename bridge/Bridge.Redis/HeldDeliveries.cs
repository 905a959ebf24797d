using System.Runtime.InteropServices;

namespace Bridge.Redis;

/// <summary>The messages of a source that aren't dealt with yet. Thread: any.</summary>
internal sealed class HeldDeliveries
{
    private readonly Lock _lock = new();
    private readonly HashSet<RedisDelivery> _deliveries = [];

    /// <summary>Adds some that were received.</summary>
    internal void Add(List<RedisDelivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in CollectionsMarshal.AsSpan(deliveries))
            {
                _deliveries.Add(delivery);
            }
        }
    }

    /// <summary>Removes some that the server knows the end of.</summary>
    internal void Remove(params ReadOnlySpan<RedisDelivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in deliveries)
            {
                _deliveries.Remove(delivery);
            }
        }
    }

    /// <summary>All that there are now.</summary>
    internal RedisDelivery[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _deliveries];
        }
    }
}

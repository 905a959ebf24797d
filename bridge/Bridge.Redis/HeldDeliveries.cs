using System.Runtime.InteropServices;

namespace Bridge.Redis;

/// <summary>The messages of a source that aren't dealt with yet: a list whose links they carry themselves. Thread: any.</summary>
internal sealed class HeldDeliveries
{
    private readonly Lock _lock = new();
    private RedisDelivery? _first;

    /// <summary>Adds some that were received; none that was added before.</summary>
    internal void Add(List<RedisDelivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in CollectionsMarshal.AsSpan(deliveries))
            {
                delivery.NextHeld = _first;
                if (_first is not null)
                {
                    _first.PreviousHeld = delivery;
                }

                _first = delivery;
                delivery.IsHeld = true;
            }
        }
    }

    /// <summary>Removes some that the server knows the end of, those that are here.</summary>
    internal void Remove(params ReadOnlySpan<RedisDelivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in deliveries)
            {
                if (delivery.IsHeld)
                {
                    Unlink(delivery);
                }
            }
        }
    }

    /// <summary>All that there are now.</summary>
    internal List<RedisDelivery> Snapshot()
    {
        List<RedisDelivery> all = [];
        lock (_lock)
        {
            for (var delivery = _first; delivery is not null; delivery = delivery.NextHeld)
            {
                all.Add(delivery);
            }
        }

        return all;
    }

    private void Unlink(RedisDelivery delivery)
    {
        var (previous, next) = (delivery.PreviousHeld, delivery.NextHeld);
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.NextHeld = next;
        }

        if (next is not null)
        {
            next.PreviousHeld = previous;
        }

        (delivery.PreviousHeld, delivery.NextHeld, delivery.IsHeld) = (null, null, false);
    }
}

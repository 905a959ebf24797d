namespace Bridge.Core.Isolates;

/// <summary>The calls inside the script, by the number under which it knows them. Thread: the isolate's.</summary>
/// <remarks>
/// A number holds a slot and the slot's generation, so that a second answer never reaches the slot's next owner. Generations come round again;
/// the slot of a call that was given up, for which the script may answer at any time, is therefore used again only once that answer has come.
/// </remarks>
internal sealed class CallSlots
{
    /// <summary>Calls that can wait at once, those given up included.</summary>
    internal const int Capacity = 1 << SlotBits;

    private const int SlotBits = 20;
    private const int SlotMask = (1 << SlotBits) - 1;
    private const int GenerationMask = (1 << (31 - SlotBits)) - 1;

    private Slot[] _slots = new Slot[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private int _used;

    /// <summary>Whether the script has calls, those given up included. Thread: any; what it says may be a turn old.</summary>
    internal bool HasCalls => Volatile.Read(ref _used) > Volatile.Read(ref _freeCount);

    /// <summary>Keeps a call until its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="id">The number the script answers with.</param>
    /// <returns>False where there is no room.</returns>
    internal bool TryAdd(HandlerCall call, out int id)
    {
        if (_freeCount == 0 && _used == Capacity)
        {
            id = 0;
            return false;
        }

        var index = _freeCount > 0 ? _free[--_freeCount] : Grow();
        ref var slot = ref _slots[index];
        slot.Call = call;
        id = index | (slot.Generation << SlotBits);
        call.Slot = id;
        return true;
    }

    /// <summary>The call of a number; null where it is answered or was given up.</summary>
    internal HandlerCall? Find(int id)
    {
        var index = id & SlotMask;
        return index < _used && _slots[index].Generation == id >> SlotBits ? _slots[index].Call : null;
    }

    /// <summary>Takes a call out; null where it was given up.</summary>
    internal HandlerCall? Take(int id)
    {
        var index = id & SlotMask;
        ref var slot = ref _slots[index];
        var call = slot.Call;
        if ((call is null && !slot.GivenUp) || slot.Generation != id >> SlotBits)
        {
            return null;
        }

        slot.Call = null;
        slot.GivenUp = false;
        slot.Generation = (slot.Generation + 1) & GenerationMask;
        _free[_freeCount++] = index;
        return call;
    }

    /// <summary>Takes all of them out before they have their answers.</summary>
    internal void GiveUpAll(Action<HandlerCall> action)
    {
        for (var index = 0; index < _used; index++)
        {
            ref var slot = ref _slots[index];
            if (slot.Call is { } call)
            {
                slot.Call = null;
                slot.GivenUp = true;
                action(call);
            }
        }
    }

    /// <summary>Ends the waits of calls whose time is up; they stay until the script answers.</summary>
    /// <param name="now">Ticks of <see cref="Environment.TickCount64"/>.</param>
    /// <param name="ended">Receives their numbers.</param>
    internal void Expire(long now, List<int> ended)
    {
        for (var index = 0; index < _used; index++)
        {
            if (_slots[index].Call is { } call && call.Expire(now))
            {
                ended.Add(index | (_slots[index].Generation << SlotBits));
            }
        }
    }

    private int Grow()
    {
        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }

        return _used++;
    }

    private struct Slot
    {
        internal HandlerCall? Call;
        internal int Generation;
        internal bool GivenUp;
    }
}

namespace Bridge.Core.Isolates;

/// <summary>The calls inside the script, by the number under which it knows them. Thread: the isolate's.</summary>
/// <remarks>
/// A number holds a slot and the slot's generation, so that a late answer to a call that was given up never reaches the slot's next owner.
/// </remarks>
internal sealed class CallSlots
{
    private const int SlotBits = 20;
    private const int SlotMask = (1 << SlotBits) - 1;
    private const int GenerationMask = (1 << (31 - SlotBits)) - 1;

    private Slot[] _slots = new Slot[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private int _used;

    /// <summary>Keeps a call until its answer.</summary>
    /// <returns>The number the script answers with.</returns>
    internal int Add(HandlerCall call)
    {
        var index = _freeCount > 0 ? _free[--_freeCount] : Grow();
        _slots[index].Call = call;
        return index | (_slots[index].Generation << SlotBits);
    }

    /// <summary>Takes a call out; null where it was given up.</summary>
    internal HandlerCall? Take(int id)
    {
        var index = id & SlotMask;
        ref var slot = ref _slots[index];
        var call = slot.Call;
        if (call is null || slot.Generation != id >> SlotBits)
        {
            return null;
        }

        slot.Call = null;
        slot.Generation = (slot.Generation + 1) & GenerationMask;
        _free[_freeCount++] = index;
        return call;
    }

    /// <summary>Takes all of them out.</summary>
    internal void TakeAll(Action<HandlerCall> action)
    {
        for (var index = 0; index < _used; index++)
        {
            if (Take(index | (_slots[index].Generation << SlotBits)) is { } call)
            {
                action(call);
            }
        }
    }

    private int Grow()
    {
        if (_used > SlotMask)
        {
            throw new InvalidOperationException($"More than {SlotMask + 1} calls wait for their answers.");
        }

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
    }
}

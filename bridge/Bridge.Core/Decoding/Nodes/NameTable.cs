using System.Runtime.InteropServices;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// A fixed set of names, each found by its bytes: a hash table whose multiplier is chosen so that, where one is found, no two names collide.
/// </summary>
/// <remarks>The names are the application's, so what a request asks for can't lengthen the search. Immutable. Thread: any.</remarks>
internal sealed class NameTable
{
    // For a few dozen names a multiplier without collisions is soon found; for thousands there is none to find.
    private const int MaxHashesTried = 4096;

    private readonly byte[][] _names;
    private readonly int[] _slots; // 1 + index of the name; 0 is empty
    private readonly ulong _multiplier;
    private readonly int _shift;

    /// <summary>Builds the table.</summary>
    /// <param name="names">Distinct names in UTF-8; a name's index here is what <see cref="Find"/> answers.</param>
    public NameTable(byte[][] names)
    {
        _names = names;
        var bits = Math.Max(2, 64 - ulong.LeadingZeroCount((ulong)names.Length * 2));
        _shift = 64 - (int)bits;
        _slots = new int[1 << (int)bits];
        var multiplier = 0x9E3779B97F4A7C15UL; // 2^64 / golden ratio
        for (var tried = names.Length; ; tried += names.Length, multiplier = (multiplier * 6364136223846793005UL) | 1)
        {
            _multiplier = multiplier;
            if (Fill() || tried >= MaxHashesTried)
            {
                break;
            }
        }
    }

    /// <summary>The index of a name; -1 where it isn't one of the set.</summary>
    public int Find(scoped ReadOnlySpan<byte> name)
    {
        for (var slot = SlotOf(name); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var index = _slots[slot] - 1;
            if (index < 0 || name.SequenceEqual(_names[index]))
            {
                return index;
            }
        }
    }

    private bool Fill()
    {
        Array.Clear(_slots);
        var isPerfect = true;
        for (var index = 0; index < _names.Length; index++)
        {
            var slot = SlotOf(_names[index]);
            while (_slots[slot] != 0)
            {
                isPerfect = false;
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = index + 1;
        }

        return isPerfect;
    }

    private int SlotOf(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length;
        while (name.Length >= sizeof(ulong))
        {
            hash = (ulong.RotateLeft(hash, 29) ^ MemoryMarshal.Read<ulong>(name)) * _multiplier;
            name = name[sizeof(ulong)..];
        }

        if (name.Length >= sizeof(uint))
        {
            hash = (ulong.RotateLeft(hash, 29) ^ MemoryMarshal.Read<uint>(name)) * _multiplier;
            name = name[sizeof(uint)..];
        }

        foreach (var value in name)
        {
            hash = (hash ^ value) * _multiplier;
        }

        return (int)((hash * _multiplier) >> _shift);
    }
}

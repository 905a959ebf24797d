using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bridge.Core.Decoding.Json;

/// <summary>The part of <see cref="NameScopes"/> that belongs to one open object; the default value is an object without names.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct NameScope
{
    public int Start;
    public int Capacity;
    public int Count;
}

/// <summary>
/// The names seen in every open object whose names nobody declared, so that a duplicate is found in constant time.
/// </summary>
/// <remarks>
/// One array serves as a stack of hash tables, one table per open object: only the innermost one grows,
/// and what lies above it belongs to nobody (a union's option that failed midway closed nothing).
/// A name is known by its 64-bit hash alone. Two names of one object share it once in 2^64 pairs, and the price is a request refused;
/// the hash is keyed at random per process, so nobody can prepare names that crowd a table.
/// </remarks>
internal sealed class NameScopes
{
    private const int FirstCapacity = 16;
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 / golden ratio: an odd number without pattern

    private static readonly ulong Key = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static readonly ulong SecondKey = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private ulong[] _slots = new ulong[FirstCapacity * 4];
    private int _top;

    /// <summary>Slots held: what remains allocated between requests.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Adds a name to the innermost object; false where it is there already.</summary>
    public bool Add(ref NameScope scope, ReadOnlySpan<byte> name)
    {
        if (scope.Count * 2 >= scope.Capacity)
        {
            Grow(ref scope);
        }

        if (!Insert(_slots.AsSpan(scope.Start, scope.Capacity), Hash(name)))
        {
            return false;
        }

        scope.Count++;
        return true;
    }

    /// <summary>Forgets the innermost object's names.</summary>
    public void Close(NameScope scope) => _top = scope.Capacity == 0 ? _top : scope.Start;

    /// <summary>Forgets every object: a decode that stopped midway closes none.</summary>
    public void Reset() => _top = 0;

    private static bool Insert(Span<ulong> table, ulong hash)
    {
        var slot = (int)hash & (table.Length - 1);
        while (table[slot] != 0)
        {
            if (table[slot] == hash)
            {
                return false;
            }

            slot = (slot + 1) & (table.Length - 1);
        }

        table[slot] = hash;
        return true;
    }

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = Key ^ (ulong)name.Length;
        while (name.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(name));
            name = name[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var value in name)
        {
            rest = (rest << 8) | value;
        }

        hash = Mix(hash ^ rest);
        return hash == 0 ? 1 : hash; // 0 marks an empty slot
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ SecondKey, Multiplier, out var low);
        return high ^ low;
    }

    private void Grow(ref NameScope scope)
    {
        var capacity = Math.Max(scope.Capacity * 2, FirstCapacity);
        if (scope.Capacity == 0)
        {
            scope.Start = _top;
        }

        // The new table is built above the old one, then moved down over it.
        Reserve(_top + capacity);
        var grown = _slots.AsSpan(_top, capacity);
        grown.Clear();
        foreach (var hash in _slots.AsSpan(scope.Start, scope.Capacity))
        {
            if (hash != 0)
            {
                Insert(grown, hash);
            }
        }

        grown.CopyTo(_slots.AsSpan(scope.Start));
        scope.Capacity = capacity;
        _top = scope.Start + capacity;
    }

    private void Reserve(int needed)
    {
        if (needed > _slots.Length)
        {
            Array.Resize(ref _slots, (int)Math.Max(needed, Math.Min(_slots.Length * 2L, Array.MaxLength)));
        }
    }
}

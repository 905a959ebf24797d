using System.Runtime.InteropServices;

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

    private ulong[] _slots = new ulong[FirstCapacity * 4];
    private int _top;

    /// <summary>Slots held: what remains allocated between requests.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Adds a name to the innermost object; false where it is there already.</summary>
    public bool Add(ref NameScope scope, ReadOnlySpan<byte> name) => AddHash(ref scope, JsonHash.Of(name));

    /// <summary>Adds what a hash other than 0 stands for to the innermost object; false where it is there already.</summary>
    public bool AddHash(ref NameScope scope, ulong hash)
    {
        if (scope.Count * 2 >= scope.Capacity)
        {
            Grow(ref scope);
        }

        if (!Insert(_slots.AsSpan(scope.Start, scope.Capacity), hash))
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

using System.Runtime.InteropServices;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>Which of an object's declared fields have come: one word for most objects, a pooled bit set for wide ones.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SeenFields
{
    private readonly int _words;
    private readonly int _start;
    private ulong _narrow;

    /// <summary>Opens an empty set.</summary>
    public SeenFields(ref DecodeCursor cursor, int fieldCount)
    {
        _words = (fieldCount + 63) / 64;
        _start = _words > 1 ? cursor.Scratch().OpenBits(_words) : 0;
    }

    /// <summary>Adds a field; false where it is there already.</summary>
    public bool Add(ref DecodeCursor cursor, int index)
    {
        ref var word = ref _narrow;
        if (_words > 1)
        {
            word = ref cursor.Scratch().Bits(_start, _words)[index >> 6];
        }

        var bit = 1UL << index; // the shift counts modulo 64
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>Whether a field has come.</summary>
    public readonly bool Contains(ref DecodeCursor cursor, int index) =>
        (Word(ref cursor, index >> 6) & (1UL << index)) != 0;

    /// <summary>Whether all fields of a mask have come.</summary>
    public readonly bool ContainsAll(ref DecodeCursor cursor, ulong[] mask)
    {
        for (var word = 0; word < mask.Length; word++)
        {
            if ((mask[word] & ~Word(ref cursor, word)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the set's space back.</summary>
    public readonly void Close(ref DecodeCursor cursor)
    {
        if (_words > 1)
        {
            cursor.Scratch().CloseBits(_start);
        }
    }

    private readonly ulong Word(ref DecodeCursor cursor, int word) =>
        _words > 1 ? cursor.Scratch().Bits(_start, _words)[word] : _narrow;
}

using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// What becomes of an object's fields that aren't declared: those whose name fits a pattern have its type, all others the index signature's;
/// without one they are dropped.
/// </summary>
internal sealed class UndeclaredFields
{
    private readonly (ValueNode Key, ValueNode Value)[] _patterns;
    private readonly ValueNode? _key;
    private readonly ValueNode? _value;

    /// <summary>Creates the rules.</summary>
    /// <param name="patterns">Types of names with the types of their values; the first that a name fits decides.</param>
    /// <param name="value">The type of all others, or null where they are dropped.</param>
    /// <param name="key">The type that their names must satisfy, or null for any name.</param>
    public UndeclaredFields((ValueNode Key, ValueNode Value)[] patterns, ValueNode? value, ValueNode? key = null) =>
        (_patterns, _value, _key) = (patterns, value, key);

    /// <summary>No field but the declared ones is kept.</summary>
    public static UndeclaredFields Dropped { get; } = new([], null);

    /// <summary>The types of values, in the order of their indexes: the patterns' ones, then all others'.</summary>
    public IReadOnlyList<ValueNode> Values => [.. _patterns.Select(pattern => pattern.Value), .. _value is null ? (ValueNode[])[] : [_value]];

    /// <summary>Whether all undeclared fields are dropped.</summary>
    public bool AreDropped => _patterns.Length == 0 && _value is null;

    /// <summary>
    /// Whether a value crosses as <c>[index of its type, value]</c>: set where the reviver couldn't tell by the name which type it has.
    /// </summary>
    public bool IsTagged { get; set; }

    /// <summary>Decodes a field.</summary>
    /// <param name="cursor">At the value.</param>
    /// <param name="name">The field's name; valid until the next text is unescaped.</param>
    /// <param name="hasMembers">Whether the output's object has members already; true after the first.</param>
    public bool Decode(ref DecodeCursor cursor, ReadOnlySpan<byte> name, ref bool hasMembers)
    {
        if (AreDropped)
        {
            return cursor.SkipValue();
        }

        var index = PatternOf(ref cursor, name);
        var value = index < _patterns.Length ? _patterns[index].Value : _value;
        if (value is null)
        {
            return cursor.SkipValue();
        }

        cursor.Report?.Push(name);
        if (index == _patterns.Length && !CheckKey(ref cursor, name))
        {
            return false;
        }

        cursor.Write(hasMembers ? ","u8 : default);
        hasMembers = true;
        cursor.WriteString(name);
        cursor.Write((byte)':');
        if (!DecodeValue(ref cursor, value, index))
        {
            return false;
        }

        cursor.Report?.Pop();
        return true;
    }

    private bool DecodeValue(ref DecodeCursor cursor, ValueNode value, int index)
    {
        if (!IsTagged)
        {
            return value.Decode(ref cursor);
        }

        cursor.Write((byte)'[');
        cursor.Write((long)index);
        cursor.Write((byte)',');
        if (!value.Decode(ref cursor))
        {
            return false;
        }

        cursor.Write((byte)']');
        return true;
    }

    private int PatternOf(ref DecodeCursor cursor, ReadOnlySpan<byte> name)
    {
        var index = 0;
        while (index < _patterns.Length && !Fits(ref cursor, _patterns[index].Key, name))
        {
            index++;
        }

        return index;
    }

    private bool CheckKey(ref DecodeCursor cursor, ReadOnlySpan<byte> name) =>
        _key is null || Fits(ref cursor, _key, name) || cursor.Reject("key", $"invalid key, expected {_key.Expected}");

    private static bool Fits(ref DecodeCursor cursor, ValueNode key, ReadOnlySpan<byte> name)
    {
        var mark = cursor.Mark();
        var isValid = key.DecodeText(ref cursor, name);
        cursor.RewindOutput(mark.OutputLength);
        cursor.EndTrial(mark);
        return isValid;
    }
}

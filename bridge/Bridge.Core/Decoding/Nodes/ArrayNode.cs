using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>T[]</c>.</summary>
internal sealed class ArrayNode : ValueNode
{
    private ValueNode _element = new AnyNode();

    public override JsonKinds Kinds => JsonKinds.Array;

    public override string Expected => "a JSON array";

    /// <summary>The type of its elements.</summary>
    public ValueNode Element => _element;

    /// <summary>Completes the node: its elements may be of a type that refers back to it.</summary>
    public void Link(ValueNode element) => _element = element;

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'['))
        {
            return cursor.Mismatch(this);
        }

        if (!cursor.Enter())
        {
            return false;
        }

        cursor.Write((byte)'[');
        cursor.SkipWhitespace();
        var count = 0;
        var more = !cursor.TryTake((byte)']');
        while (more)
        {
            if (!DecodeElement(ref cursor, count++) || !cursor.TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        cursor.Write((byte)']');
        cursor.Leave();
        cursor.ElementCount = count;
        return true;
    }

    private bool DecodeElement(ref DecodeCursor cursor, int index)
    {
        if (index > 0)
        {
            cursor.Write((byte)',');
        }

        cursor.Report?.Push(index);
        if (!_element.Decode(ref cursor))
        {
            return false;
        }

        cursor.Report?.Pop();
        return true;
    }
}

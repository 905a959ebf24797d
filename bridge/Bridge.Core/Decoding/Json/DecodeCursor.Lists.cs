using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Json;

/// <content>Arrays, whatever they are to the schema.</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Takes an array's opening bracket and writes one.</summary>
    /// <param name="more">Whether an element follows; the cursor is then at its first byte.</param>
    public bool OpenList(out bool more)
    {
        more = false;
        if (!Enter())
        {
            return false;
        }

        Write((byte)'[');
        SkipWhitespace();
        more = !TryTake((byte)']');
        return true;
    }

    /// <summary>Decodes an element of an array.</summary>
    public bool DecodeElement(ValueNode node, int index)
    {
        if (index > 0)
        {
            Write((byte)',');
        }

        Report?.Push(index);
        if (!node.Decode(ref this))
        {
            return false;
        }

        Report?.Pop();
        return true;
    }

    /// <summary>Checks an element of an array that has too many and leaves it out.</summary>
    public bool SkipElement() => Report is not null && SkipValue();

    /// <summary>Writes an array's closing bracket, the input's being taken.</summary>
    public void CloseList(int count)
    {
        Write((byte)']');
        Leave();
        ElementCount = count;
    }
}

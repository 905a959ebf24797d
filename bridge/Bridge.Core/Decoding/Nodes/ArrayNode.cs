using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>T[]</c>, and <c>Set&lt;T&gt;</c>: an array whose elements are distinct.</summary>
internal sealed class ArrayNode(bool isSet = false) : ValueNode
{
    private ValueNode _element = new AnyNode();

    public override JsonKinds Kinds => JsonKinds.Array;

    public override string Expected => "a JSON array";

    /// <summary>The type of its elements.</summary>
    public ValueNode Element => _element;

    /// <summary>Whether the handler gets a <c>Set</c>.</summary>
    public bool IsSet => isSet;

    /// <summary>Completes the node: its elements may be of a type that refers back to it.</summary>
    public void Link(ValueNode element) => _element = element;

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'['))
        {
            return cursor.Mismatch(this);
        }

        var list = new ListProgress(ref cursor);
        if (!cursor.OpenList(out var more))
        {
            return false;
        }

        var count = 0;
        while (more)
        {
            if (!cursor.DecodeElement(_element, count++) || !cursor.TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        cursor.CloseList(count);
        return !isSet || list.HasViolations(ref cursor) || CheckDistinct(ref cursor, count, list.OutputStart);
    }

    /// <summary>Checks that a set's elements are distinct.</summary>
    /// <param name="cursor">Where the array was written.</param>
    /// <param name="count">The number of its elements.</param>
    /// <param name="outputStart">The output's length before the array was written.</param>
    public bool CheckDistinct(ref DecodeCursor cursor, int count, int outputStart) =>
        !isSet || count < 2 || ListProgress.CheckDistinct(ref cursor, outputStart, areEntries: false, "duplicate element of a set");
}

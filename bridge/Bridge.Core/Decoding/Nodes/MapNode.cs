using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>Map&lt;K, V&gt;</c>: a JSON array of [key, value] entries whose keys are distinct.</summary>
internal sealed class MapNode : ValueNode
{
    private readonly TupleNode _entry = new();

    public override JsonKinds Kinds => JsonKinds.Array;

    public override string Expected => "a JSON array of [key, value] entries";

    /// <summary>An entry.</summary>
    public TupleNode Entry => _entry;

    /// <summary>Completes the node: its entries may be of types that refer back to it.</summary>
    public void Link(ValueNode key, ValueNode value) => _entry.Link([key, value], required: 2, rest: null, trailing: []);

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
            if (!cursor.DecodeElement(_entry, count++) || !cursor.TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        cursor.CloseList(count);
        return count < 2 || list.HasViolations(ref cursor)
            || ListProgress.CheckDistinct(ref cursor, list.OutputStart, areEntries: true, "duplicate key of a map");
    }
}

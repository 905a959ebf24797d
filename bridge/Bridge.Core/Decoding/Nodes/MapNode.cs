using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>Map&lt;K, V&gt;</c>: a JSON array of [key, value] entries whose keys are distinct.</summary>
internal sealed class MapNode : ValueNode
{
    private const string RepeatedKey = "duplicate key of a map";

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

        // In the second pass alone: an entry that doesn't fit hides its key, and the others' keys have to be distinct all the same.
        List<(int Index, int Start)>? sound = cursor.Report is null ? null : [];
        var count = 0;
        while (more)
        {
            var entry = new ListProgress(ref cursor);
            if (!cursor.DecodeElement(_entry, count))
            {
                return false;
            }

            if (sound is not null && !entry.HasViolations(ref cursor))
            {
                sound.Add((count, entry.OutputStart));
            }

            count++;
            if (!cursor.TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        cursor.CloseList(count);
        if (count < 2)
        {
            return true;
        }

        return sound is not null && list.HasViolations(ref cursor)
            ? RejectRepeatedKeys(ref cursor, sound)
            : ListProgress.CheckDistinct(ref cursor, list.OutputStart, areEntries: true, RepeatedKey);
    }

    private static bool RejectRepeatedKeys(ref DecodeCursor cursor, List<(int Index, int Start)> entries)
    {
        var scratch = cursor.Scratch();
        var report = cursor.Report!; // Justification: entries are noted in the second pass only.
        NameScope seen = default;
        var isDone = true;
        foreach (var (index, start) in entries)
        {
            var entry = cursor.OutputFrom(start);
            if (scratch.Names.AddHash(ref seen, new JsonHash(entry, scratch).Value(entry.IndexOf((byte)'[') + 1)))
            {
                continue;
            }

            report.Push(index);
            if (!report.Add(UniqueItemsRule.Name, RepeatedKey))
            {
                isDone = false;
                break;
            }

            report.Pop();
        }

        scratch.Names.Close(seen);
        return isDone;
    }
}

using System.Runtime.InteropServices;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// An object with declared fields, undeclared ones (an index signature, a record), or both. What is neither is dropped.
/// </summary>
internal sealed class ObjectNode : ValueNode
{
    private ObjectField[] _fields = [];
    private NameTable _names = new([]);
    private ulong[] _required = [];
    private ValueNode? _additional;
    private ValueNode? _key;

    public override JsonKinds Kinds => JsonKinds.Object;

    public override string Expected => "a JSON object";

    /// <summary>The declared fields, in declaration order.</summary>
    public IReadOnlyList<ObjectField> Fields => _fields;

    /// <summary>The type of undeclared fields; null where they are dropped.</summary>
    public ValueNode? Additional => _additional;

    /// <summary>Whether an object without members is refused.</summary>
    public bool HasRequired => _required.Any(word => word != 0);

    /// <summary>Completes the node: its fields may be of types that refer back to it.</summary>
    /// <param name="fields">The declared fields.</param>
    /// <param name="additional">The type of undeclared fields, or null.</param>
    /// <param name="key">The type that the names of undeclared fields must satisfy, or null for any name.</param>
    public void Link(IEnumerable<ObjectField> fields, ValueNode? additional, ValueNode? key)
    {
        _fields = [.. fields];
        _names = new NameTable([.. _fields.Select(field => field.Utf8Name)]);
        _additional = additional;
        _key = key;
        _required = new ulong[(_fields.Length + 63) / 64];
        for (var i = 0; i < _fields.Length; i++)
        {
            _required[i >> 6] |= _fields[i].IsRequired ? 1UL << i : 0;
        }
    }

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'{'))
        {
            return cursor.Mismatch(this);
        }

        cursor.Write((byte)'{');
        if (!DecodeMembers(ref cursor, hasMembers: false))
        {
            return false;
        }

        cursor.Write((byte)'}');
        return true;
    }

    /// <summary>Decodes an object's members into one that others have begun: no braces are written.</summary>
    /// <param name="cursor">At the opening brace.</param>
    /// <param name="hasMembers">Whether the output's object has members already.</param>
    public bool DecodeMembers(ref DecodeCursor cursor, bool hasMembers)
    {
        if (!cursor.Enter())
        {
            return false;
        }

        var progress = new Progress { HasMembers = hasMembers, Seen = new SeenFields(ref cursor, _fields.Length) };
        cursor.SkipWhitespace();
        var more = !cursor.TryTake((byte)'}');
        while (more)
        {
            if (!DecodeMember(ref cursor, ref progress) || !cursor.TakeSeparator((byte)'}', out more))
            {
                return false;
            }
        }

        cursor.Leave();
        cursor.CloseNames(progress.Names);
        return (progress.Seen.ContainsAll(ref cursor, _required) || ReportMissing(ref cursor, progress.Seen)) && Close(ref cursor, progress.Seen);
    }

    private bool DecodeMember(ref DecodeCursor cursor, ref Progress progress)
    {
        var index = progress.Next;
        var taken = false;
        if ((uint)index < (uint)_fields.Length && !cursor.TryTakeName(_fields[index].QuotedName, out taken))
        {
            return false;
        }

        if (!taken)
        {
            if (!cursor.ReadName(out var name))
            {
                return false;
            }

            index = _names.Find(name);
            if (index < 0)
            {
                return DecodeUndeclared(ref cursor, ref progress, name);
            }
        }

        // Clients tend to send fields in the order of the declaration: guess that the next one follows.
        progress.Next = index + 1;
        var field = _fields[index];
        if (!progress.Seen.Add(ref cursor, index))
        {
            return cursor.Duplicate(field.Utf8Name) && cursor.SkipValue();
        }

        cursor.Write(field.Prefix.AsSpan(progress.HasMembers ? 0 : 1));
        progress.HasMembers = true;
        cursor.Report?.Push(field.Name);
        if (!field.Node.Decode(ref cursor))
        {
            return false;
        }

        cursor.Report?.Pop();
        return true;
    }

    private bool DecodeUndeclared(ref DecodeCursor cursor, ref Progress progress, ReadOnlySpan<byte> name)
    {
        if (!cursor.AddName(ref progress.Names, name))
        {
            return cursor.Duplicate(name) && cursor.SkipValue();
        }

        if (_additional is null)
        {
            return cursor.SkipValue();
        }

        cursor.Report?.Push(name);
        if (!CheckKey(ref cursor, name))
        {
            return false;
        }

        if (progress.HasMembers)
        {
            cursor.Write((byte)',');
        }

        progress.HasMembers = true;
        cursor.WriteString(name);
        cursor.Write((byte)':');
        if (!_additional.Decode(ref cursor))
        {
            return false;
        }

        cursor.Report?.Pop();
        return true;
    }

    private bool CheckKey(ref DecodeCursor cursor, ReadOnlySpan<byte> name)
    {
        if (_key is null)
        {
            return true;
        }

        var mark = cursor.Mark();
        var isValid = _key.DecodeText(ref cursor, name);
        cursor.RewindOutput(mark.OutputLength);
        cursor.Report = mark.Report;
        return isValid || cursor.Reject("key", $"invalid key, expected {_key.Expected}");
    }

    private bool ReportMissing(ref DecodeCursor cursor, SeenFields seen)
    {
        var report = cursor.Report;
        if (report is null)
        {
            return false;
        }

        var missing = new List<string>();
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_fields[i].IsRequired && !seen.Contains(ref cursor, i))
            {
                missing.Add(_fields[i].Name);
            }
        }

        return report.Missing(missing);
    }

    private static bool Close(ref DecodeCursor cursor, SeenFields seen)
    {
        seen.Close(ref cursor);
        return true;
    }

    /// <summary>How far an object is decoded.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Progress
    {
        public int Next;
        public bool HasMembers;
        public SeenFields Seen;
        public NameScope Names;
    }
}

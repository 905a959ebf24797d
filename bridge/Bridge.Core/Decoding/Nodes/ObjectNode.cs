using System.Runtime.InteropServices;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// An object with declared fields, undeclared ones (index signatures, a record), or both. What is neither is dropped.
/// </summary>
internal sealed class ObjectNode : ValueNode
{
    private ObjectField[] _fields = [];
    private ObjectField[] _defaulted = [];
    private int[] _defaultedIndexes = [];
    private NameTable _names = new([]);
    private ulong[] _required = [];
    private UndeclaredFields _undeclared = UndeclaredFields.Dropped;

    public override JsonKinds Kinds => JsonKinds.Object;

    public override string Expected => "a JSON object";

    /// <summary>The declared fields, in declaration order.</summary>
    public IReadOnlyList<ObjectField> Fields => _fields;

    /// <summary>What becomes of all other fields.</summary>
    public UndeclaredFields Undeclared => _undeclared;

    /// <summary>Whether an object without members is refused.</summary>
    public bool HasRequired => _required.Any(word => word != 0);

    /// <summary>Completes the node: its fields may be of types that refer back to it.</summary>
    /// <param name="fields">The declared fields.</param>
    /// <param name="undeclared">What becomes of all other fields.</param>
    public void Link(IEnumerable<ObjectField> fields, UndeclaredFields undeclared)
    {
        _fields = [.. fields];
        _undeclared = undeclared;
        _defaulted = [.. _fields.Where(field => field.HasDefault)];
        _defaultedIndexes = [.. _defaulted.Select(field => Array.IndexOf(_fields, field))];
        _names = new NameTable([.. _fields.Select(field => field.Utf8Name)]);
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
        if (!progress.Seen.ContainsAll(ref cursor, _required) && !ReportMissing(ref cursor, progress.Seen))
        {
            return false;
        }

        WriteDefaults(ref cursor, ref progress);
        progress.Seen.Close(ref cursor);
        return true;
    }

    /// <summary>Writes the members of an object that didn't come at all.</summary>
    /// <param name="cursor">Where to write.</param>
    /// <param name="hasMembers">Whether the output's object has members already.</param>
    public void WriteDefaults(ref DecodeCursor cursor, bool hasMembers)
    {
        var progress = new Progress { HasMembers = hasMembers, Seen = new SeenFields(ref cursor, _fields.Length) };
        WriteDefaults(ref cursor, ref progress);
        progress.Seen.Close(ref cursor);
    }

    private void WriteDefaults(ref DecodeCursor cursor, ref Progress progress)
    {
        for (var i = 0; i < _defaulted.Length; i++)
        {
            if (!progress.Seen.Contains(ref cursor, _defaultedIndexes[i]))
            {
                cursor.Write(_defaulted[i].Prefix.AsSpan(progress.HasMembers ? 0 : 1));
                cursor.Write(_defaulted[i].Default);
                progress.HasMembers = true;
            }
        }
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

        return _undeclared.Decode(ref cursor, name, ref progress.HasMembers);
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

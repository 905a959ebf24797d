using System.Buffers.Binary;
using System.Text;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>A statement as one connection has it prepared. Thread: the connection's, but for its name and statement.</summary>
internal sealed class LaneStatement(string name, Statement statement)
{
    // Of a column, after its name: table, number in it, type, size, modifier, format.
    private const int DescriptionBytes = 18;
    private const int TypeAt = 6;

    private string[] _names = [];
    private uint[] _oids = [];
    private Shape? _shape;

    /// <summary>What it is called there.</summary>
    internal string Name { get; } = name;

    /// <summary>What it is.</summary>
    internal Statement Statement { get; } = statement;

    /// <summary>Its columns, if they are those that are known from where it ran before; null where they aren't.</summary>
    internal Shape? Shape => _shape ??= Statement.Shape is { } known && _names.Length > 0 && known.Matches(_names, _oids) ? known : null;

    /// <summary>Takes what the server says of the columns: a RowDescription's body.</summary>
    internal void Describe(ReadOnlySpan<byte> body)
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(body);
        var rest = body[sizeof(short)..];
        _names = new string[count];
        _oids = new uint[count];
        for (var column = 0; column < count; column++)
        {
            var length = rest.IndexOf((byte)0);
            _names[column] = Encoding.UTF8.GetString(rest[..length]);
            rest = rest[(length + 1)..];
            _oids[column] = BinaryPrimitives.ReadUInt32BigEndian(rest[TypeAt..]);
            rest = rest[DescriptionBytes..];
        }
    }
}

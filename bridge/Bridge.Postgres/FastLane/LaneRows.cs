using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bridge.Core.Buffers;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Values;

namespace Bridge.Postgres.FastLane;

/// <summary>Translates the rows of one statement after another into the JSON that crosses. Thread: one.</summary>
internal sealed class LaneRows : IDisposable
{
    // Beyond this a buffer that one large answer needed isn't kept.
    private const int KeptBytes = 256 * 1024;

    private ValueSink _sink = new();
    private long _count;

    /// <summary>Begins a statement.</summary>
    internal void Begin()
    {
        if (_sink.Length > KeptBytes)
        {
            _sink.Dispose();
            _sink = new ValueSink();
        }

        _sink.Clear();
        _count = 0;
    }

    /// <summary>Takes a row: a DataRow's body.</summary>
    /// <exception cref="FormatException">A value isn't what its type says.</exception>
    internal void Add(ReadOnlySpan<byte> body, Shape shape, RowMode mode)
    {
        _count++;
        if (mode == RowMode.None || (mode == RowMode.First && _count > 1))
        {
            return;
        }

        var types = shape.Types;
        if (BinaryPrimitives.ReadInt16BigEndian(body) != types.Length)
        {
            throw new FormatException("a row has other columns than were told");
        }

        var json = _sink.Json;
        json.Write(_count > 1 ? ",["u8 : "["u8);
        var rest = body[sizeof(short)..];
        for (var column = 0; column < types.Length; column++)
        {
            if (column > 0)
            {
                json.Write((byte)',');
            }

            rest = WriteValue(json, types[column], rest);
        }

        json.Write((byte)']');
    }

    /// <summary>Ends the statement.</summary>
    internal LaneAnswer End(StatementRequest request, Shape shape)
    {
        var rows = _sink.Json;
        var head = string.Create(CultureInfo.InvariantCulture, $"[{_count},{shape.Id},{request.Columns(shape)},[");
        var length = head.Length + Encoding.UTF8.GetCharCount(rows.Written) + 2;
        var text = string.Create(length, (head, rows), static (characters, parts) =>
        {
            parts.head.CopyTo(characters);
            Encoding.UTF8.GetChars(parts.rows.Written, characters[parts.head.Length..]);
            characters[^2] = ']';
            characters[^1] = ']';
        });
        return new LaneAnswer(text, _sink.TakeBytes(), _count);
    }

    /// <inheritdoc/>
    public void Dispose() => _sink.Dispose();

    private ReadOnlySpan<byte> WriteValue(PooledBuffer json, PgType type, ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[sizeof(int)..];
        if (length < 0)
        {
            json.Write("null"u8);
            return rest;
        }

        ValueWriter.Write(_sink, type, rest[..length]);
        return rest[length..];
    }
}

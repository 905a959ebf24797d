using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridge.Postgres.Values;

/// <summary>
/// Writes rows in COPY's binary format, which spares both sides the texts of numbers and times.
/// https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT
/// </summary>
/// <remarks>
/// Only what is certain to be the value that PostgreSQL would read from the text is written; all else, such as a time as a string, is left to the
/// text format, and so to PostgreSQL. Thread: one at a time.
/// </remarks>
/// <param name="types">The columns' types, each of which <see cref="Takes"/>.</param>
internal sealed class CopyBinary(PgType[] types)
{
    private const int InitialBytes = 64 * 1024;
    private const int LengthBytes = 4;
    private const int Null = -1;
    private const byte JsonbVersion = 1;

    private const uint Bool = 16;
    private const uint Int8 = 20;
    private const uint Int2 = 21;
    private const uint Int4 = 23;
    private const uint Text = 25;
    private const uint Json = 114;
    private const uint Float4 = 700;
    private const uint Float8 = 701;
    private const uint Character = 1042;
    private const uint Varchar = 1043;
    private const uint Timestamp = 1114;
    private const uint TimestampTz = 1184;
    private const uint Uuid = 2950;
    private const uint Jsonb = 3802;

    // PostgreSQL counts microseconds from 2000 on. Years of other than four digits are left to it.
    private const long Epoch = 946_684_800_000;
    private const long EarliestMilliseconds = -62_135_596_800_000;
    private const long LatestMilliseconds = 253_402_300_799_999;
    private const long MicrosecondsPerMillisecond = 1_000;

    private readonly ArrayBufferWriter<byte> _output = new(InitialBytes);

    /// <summary>What the rows come after: the signature, no flags, no extension.</summary>
    internal static byte[] Header { get; } = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>What comes after the rows.</summary>
    internal static byte[] Trailer { get; } = [0xFF, 0xFF];

    /// <summary>Whether all columns' values can have a binary form.</summary>
    internal static bool Takes(IEnumerable<PgType> types) => types.All(type => type.Oid is
        Bool or Int2 or Int4 or Int8 or Float4 or Float8 or Text or Varchar or Character or Json or Jsonb or Timestamp or TimestampTz or Uuid or BuiltInTypes.Bytea);

    /// <summary>Writes rows.</summary>
    /// <param name="rows">Arrays of parameters, as <see cref="Operand"/> says.</param>
    /// <param name="bytes">What bytes among the parameters are slices of.</param>
    /// <returns>The rows, until the next call; null if a value has no certain binary form.</returns>
    /// <exception cref="Bridge.Core.Operations.OperationException">A row has another number of values.</exception>
    internal ReadOnlyMemory<byte>? Format(JsonElement rows, byte[]? bytes)
    {
        _output.ResetWrittenCount();
        foreach (var row in rows.EnumerateArray())
        {
            CopyText.ThrowIfOther(row.GetArrayLength(), types.Length);
            BinaryPrimitives.WriteInt16BigEndian(_output.GetSpan(sizeof(short)), (short)types.Length);
            _output.Advance(sizeof(short));
            var column = 0;
            foreach (var value in row.EnumerateArray())
            {
                if (!TryAppend(value, types[column++], bytes))
                {
                    return null;
                }
            }
        }

        return _output.WrittenMemory;
    }

    private bool TryAppend(JsonElement value, PgType type, byte[]? bytes)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            BinaryPrimitives.WriteInt32BigEndian(_output.GetSpan(LengthBytes), Null);
            _output.Advance(LengthBytes);
            return true;
        }

        return type.Oid switch
        {
            Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False && AppendByte(value.ValueKind == JsonValueKind.True),
            Int2 => value.ValueKind == JsonValueKind.Number && value.TryGetInt16(out var number) && AppendInt16(number),
            Int4 => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && AppendInt32(number),
            Int8 => TryReadInt64(value, out var number) && AppendInt64(number),
            Float4 => TryReadSingle(value, out var number) && AppendInt32(BitConverter.SingleToInt32Bits(number)),
            Float8 => TryReadDouble(value, out var number) && AppendInt64(BitConverter.DoubleToInt64Bits(number)),
            Timestamp or TimestampTz => TryReadTime(value, out var microseconds) && AppendInt64(microseconds),
            Uuid => TryAppendUuid(value),
            BuiltInTypes.Bytea => TryAppendBytes(value, bytes),
            _ => AppendText(OperandText.Format(Operand.Read(value, bytes), type) ?? "", hasVersion: type.Oid == Jsonb),
        };
    }

    private static bool TryReadInt64(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number
            ? value.TryGetInt64(out number)
            : Tagged(value, "n") is { } digits && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    // Numbers beyond a type's range are errors to PostgreSQL, and become zero or infinite here.
    private static bool TryReadSingle(JsonElement value, out float number)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetSingle(out number) && float.IsFinite(number) && (number != 0 || IsZero(value));
        }

        var isSpecial = TryReadSpecial(value, out var special);
        number = (float)special;
        return isSpecial;
    }

    private static bool TryReadDouble(JsonElement value, out double number) => value.ValueKind == JsonValueKind.Number
        ? value.TryGetDouble(out number) && double.IsFinite(number) && (number != 0 || IsZero(value))
        : TryReadSpecial(value, out number);

    private static bool IsZero(JsonElement value) => value.GetRawText() == "0";

    private static bool TryReadSpecial(JsonElement value, out double number)
    {
        number = Tagged(value, "f") switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => 0 };
        return number != 0;
    }

    private static bool TryReadTime(JsonElement value, out long microseconds)
    {
        microseconds = 0;
        if (value.ValueKind != JsonValueKind.Array || value[0].GetString() != "d")
        {
            return false;
        }

        if (value[1].ValueKind == JsonValueKind.String)
        {
            microseconds = value[1].GetString() switch { "infinity" => long.MaxValue, "-infinity" => long.MinValue, _ => 0 };
            return microseconds != 0;
        }

        if (!value[1].TryGetInt64(out var milliseconds) || milliseconds is < EarliestMilliseconds or > LatestMilliseconds)
        {
            return false;
        }

        microseconds = (milliseconds - Epoch) * MicrosecondsPerMillisecond;
        return true;
    }

    private static string? Tagged(JsonElement value, string tag) =>
        value.ValueKind == JsonValueKind.Array && value[0].GetString() == tag ? value[1].GetString() : null;

    private bool TryAppendUuid(JsonElement value)
    {
        const int Size = 16;
        if (value.ValueKind != JsonValueKind.String || !Guid.TryParseExact(value.GetString(), "D", out var uuid))
        {
            return false;
        }

        uuid.TryWriteBytes(Field(Size), bigEndian: true, out _);
        return End(Size);
    }

    private bool TryAppendBytes(JsonElement value, byte[]? bytes)
    {
        if (value.ValueKind != JsonValueKind.Array || value[0].GetString() != "b")
        {
            return false;
        }

        var slice = bytes.AsSpan(value[1].GetInt32(), value[2].GetInt32());
        slice.CopyTo(Field(slice.Length));
        return End(slice.Length);
    }

    private bool AppendText(string text, bool hasVersion)
    {
        var head = hasVersion ? 1 : 0;
        var size = Encoding.UTF8.GetByteCount(text) + head;
        var field = Field(size);
        if (hasVersion)
        {
            field[0] = JsonbVersion;
        }

        Encoding.UTF8.GetBytes(text, field[head..]);
        return End(size);
    }

    private bool AppendByte(bool value)
    {
        Field(1)[0] = value ? (byte)1 : (byte)0;
        return End(1);
    }

    private bool AppendInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Field(sizeof(short)), value);
        return End(sizeof(short));
    }

    private bool AppendInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Field(sizeof(int)), value);
        return End(sizeof(int));
    }

    private bool AppendInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);
        return End(sizeof(long));
    }

    // Writes a field's length, and gives the place for the rest.
    private Span<byte> Field(int size)
    {
        var span = _output.GetSpan(LengthBytes + size);
        BinaryPrimitives.WriteInt32BigEndian(span, size);
        return span.Slice(LengthBytes, size);
    }

    private bool End(int size)
    {
        _output.Advance(LengthBytes + size);
        return true;
    }
}

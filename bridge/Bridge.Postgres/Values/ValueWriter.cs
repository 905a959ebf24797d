using System.Buffers;
using System.Buffers.Text;
using Bridge.Core.Buffers;

namespace Bridge.Postgres.Values;

/// <summary>Translates PostgreSQL's texts into the JSON that crosses to scripts.</summary>
/// <remarks>
/// | type | text | crosses as |
/// | --- | --- | --- |
/// | int2, int4, oid | <c>42</c> | <c>42</c> |
/// | int8 | <c>9007199254740993</c> | a number where a double holds it, else <c>"9007199254740993"</c> |
/// | float4, float8 | <c>1e+20</c>, <c>NaN</c> | a number, or <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c> |
/// | timestamp, timestamptz | <c>2024-02-29 12:00:00.123456+00</c> | milliseconds since 1970, or <c>"infinity"</c>, <c>"-infinity"</c> |
/// | bytea | <c>\x00ff</c> | <c>{"at":0,"length":2}</c>, into the answer's bytes |
/// | json, jsonb, vector | JSON | itself |
/// | arrays | <c>{1,NULL}</c> | <c>[1,null]</c> |
/// | composites | <c>(1,"a b")</c> | <c>{"fields":[1,"a b"]}</c> |
/// | ranges | <c>[1,5)</c>, <c>empty</c> | <c>{"lower":1,"upper":5,"flags":1}</c>, <c>"empty"</c> |
/// | all others | their text | a string |
/// </remarks>
internal static class ValueWriter
{
    // Digits that a double holds whatever they are: 2^53 has sixteen.
    private const int SafeDigits = 15;
    private const long MaxSafeInteger = (1L << 53) - 1;

    /// <summary>Writes one value.</summary>
    /// <exception cref="FormatException">The text isn't what the type's should be: the type has changed, or a setting that its output depends on.</exception>
    internal static void Write(ValueSink sink, PgType type, ReadOnlySpan<byte> text)
    {
        switch (type)
        {
            case ScalarType scalar:
                WriteScalar(sink, scalar.Format, text);
                break;
            case ArrayType array:
                ArrayText.Write(sink, array, text);
                break;
            case CompositeType composite:
                CompositeText.Write(sink, composite, text);
                break;
            case RangeType range:
                RangeText.Write(sink, range, text);
                break;
            case MultirangeType multirange:
                RangeText.Write(sink, multirange, text);
                break;
        }
    }

    private static void WriteScalar(ValueSink sink, ScalarFormat format, ReadOnlySpan<byte> text)
    {
        var json = sink.Json;
        switch (format)
        {
            case ScalarFormat.Text:
                JsonText.WriteString(json, text);
                break;
            case ScalarFormat.Number or ScalarFormat.Json or ScalarFormat.Vector:
                json.Write(text);
                break;
            case ScalarFormat.Integer8:
                WriteInteger8(json, text);
                break;
            case ScalarFormat.Float:
                WriteFloat(json, text);
                break;
            case ScalarFormat.Boolean:
                json.Write(text is [(byte)'t'] ? "true"u8 : "false"u8);
                break;
            case ScalarFormat.Numeric:
                JsonText.WriteQuoted(json, text);
                break;
            case ScalarFormat.Money:
                WriteMoney(json, text);
                break;
            case ScalarFormat.Timestamp:
                TimestampText.Write(json, text);
                break;
            case ScalarFormat.Bytes:
                WriteBytes(sink, text);
                break;
            case ScalarFormat.Hstore:
                HstoreText.Write(sink, text);
                break;
        }
    }

    private static void WriteInteger8(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        if (text.Length <= SafeDigits || (Utf8Parser.TryParse(text, out long value, out _) && value is >= -MaxSafeInteger and <= MaxSafeInteger))
        {
            json.Write(text);
        }
        else
        {
            JsonText.WriteQuoted(json, text);
        }
    }

    private static void WriteFloat(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        // NaN, Infinity, -Infinity: numbers end in a digit.
        if (char.IsAsciiDigit((char)text[^1]))
        {
            json.Write(text);
        }
        else
        {
            JsonText.WriteQuoted(json, text);
        }
    }

    // Connections run with lc_monetary=C: -$1,234.56
    private static void WriteMoney(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        json.Write((byte)'"');
        foreach (var value in text)
        {
            if (value is (byte)'-' or (byte)'.' || char.IsAsciiDigit((char)value))
            {
                json.Write(value);
            }
        }

        json.Write((byte)'"');
    }

    private static void WriteBytes(ValueSink sink, ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'\\', (byte)'x', .. var digits])
        {
            throw new FormatException("bytes don't come as hexadecimal digits: bytea_output has been changed");
        }

        var at = sink.Bytes.Length;
        var length = digits.Length / 2;
        if (Convert.FromHexString(digits, sink.Bytes.GetSpan(length), out _, out var written) != OperationStatus.Done)
        {
            throw new FormatException("bytes don't come as hexadecimal digits");
        }

        sink.Bytes.Advance(written);
        var json = sink.Json;
        json.Write("{\"at\":"u8);
        WriteNumber(json, at);
        json.Write(",\"length\":"u8);
        WriteNumber(json, written);
        json.Write((byte)'}');
    }

    /// <summary>Writes a number's digits.</summary>
    internal static void WriteNumber(PooledBuffer json, long value)
    {
        Utf8Formatter.TryFormat(value, json.GetSpan(20), out var written);
        json.Advance(written);
    }
}

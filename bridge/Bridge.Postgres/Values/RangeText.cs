namespace Bridge.Postgres.Values;

/// <summary>Reads ranges and multiranges. https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO</summary>
/// <remarks><c>[1,5)</c>, <c>(,"2024-01-01 00:00:00"]</c>, <c>empty</c>; <c>{[1,3),[5,6)}</c>.</remarks>
internal static class RangeText
{
    private const int LowerInclusive = 1;
    private const int UpperInclusive = 2;

    /// <summary>Writes a range.</summary>
    internal static void Write(ValueSink sink, RangeType type, ReadOnlySpan<byte> text)
    {
        var at = 0;
        WriteNext(sink, type, text, ref at);
    }

    /// <summary>Writes an array of ranges.</summary>
    internal static void Write(ValueSink sink, MultirangeType type, ReadOnlySpan<byte> text)
    {
        sink.Json.Write((byte)'[');
        for (var at = 1; at < text.Length && text[at] != '}';)
        {
            if (text[at] == ',')
            {
                sink.Json.Write((byte)',');
                at++;
            }

            WriteNext(sink, type.Range, text, ref at);
        }

        sink.Json.Write((byte)']');
    }

    private static void WriteNext(ValueSink sink, RangeType type, ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at..].SequenceEqual("empty"u8))
        {
            JsonText.WriteQuoted(sink.Json, text[at..]);
            return;
        }

        var json = sink.Json;
        var flags = text[at++] == '[' ? LowerInclusive : 0;
        json.Write("{\"lower\":"u8);
        WriteBound(sink, type.Bound, text, ref at);
        at++;
        json.Write(",\"upper\":"u8);
        WriteBound(sink, type.Bound, text, ref at);
        flags |= at < text.Length && text[at] == ']' ? UpperInclusive : 0;
        at++;
        json.Write(",\"flags\":"u8);
        json.Write((byte)('0' + flags));
        json.Write((byte)'}');
    }

    private static void WriteBound(ValueSink sink, PgType type, ReadOnlySpan<byte> text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
        {
            using var quoted = QuotedText.Read(text, ref at);
            ValueWriter.Write(sink, type, quoted.Value);
            return;
        }

        var length = text[at..].IndexOfAny((byte)',', (byte)')', (byte)']');
        if (length < 0)
        {
            throw new FormatException("a range isn't written as ranges are");
        }

        if (length == 0)
        {
            sink.Json.Write("null"u8);
        }
        else
        {
            ValueWriter.Write(sink, type, text.Slice(at, length));
            at += length;
        }
    }
}

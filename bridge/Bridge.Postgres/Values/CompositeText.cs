namespace Bridge.Postgres.Values;

/// <summary>Reads composites. https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX</summary>
/// <remarks><c>(1,,"a ""b""")</c>: nothing between commas is null.</remarks>
internal static class CompositeText
{
    /// <summary>Writes the fields' values in order.</summary>
    /// <exception cref="FormatException">It has more or fewer fields than the type had.</exception>
    internal static void Write(ValueSink sink, CompositeType type, ReadOnlySpan<byte> text)
    {
        sink.Json.Write("{\"fields\":["u8);
        var at = 1;
        for (var field = 0; field < type.Fields.Count; field++)
        {
            if (field > 0)
            {
                Expect(type, text, at++, (byte)',');
                sink.Json.Write((byte)',');
            }

            WriteField(sink, type.Fields[field].Type, text, ref at);
        }

        Expect(type, text, at, (byte)')');
        sink.Json.Write("]}"u8);
    }

    private static void WriteField(ValueSink sink, PgType type, ReadOnlySpan<byte> text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
        {
            using var quoted = QuotedText.Read(text, ref at);
            ValueWriter.Write(sink, type, quoted.Value);
            return;
        }

        var length = text[at..].IndexOfAny((byte)',', (byte)')');
        if (length > 0)
        {
            ValueWriter.Write(sink, type, text.Slice(at, length));
            at += length;
        }
        else
        {
            sink.Json.Write("null"u8);
        }
    }

    private static void Expect(CompositeType type, ReadOnlySpan<byte> text, int at, byte expected)
    {
        if (at >= text.Length || text[at] != expected)
        {
            throw new FormatException($"the composite type {type.Name} has other fields than before");
        }
    }
}

namespace Bridge.Postgres.Values;

/// <summary>Reads hstores. https://www.postgresql.org/docs/current/hstore.html</summary>
/// <remarks><c>"a"=>"1", "b"=>NULL</c></remarks>
internal static class HstoreText
{
    /// <summary>Writes a JSON object of strings and nulls.</summary>
    internal static void Write(ValueSink sink, ReadOnlySpan<byte> text)
    {
        sink.Json.Write((byte)'{');
        for (var at = 0; at < text.Length;)
        {
            if (at > 0)
            {
                at = Skip(text, at, ", "u8);
                sink.Json.Write((byte)',');
            }

            WriteString(sink, text, ref at);
            at = Skip(text, at, "=>"u8);
            sink.Json.Write((byte)':');
            if (text[at..].StartsWith("NULL"u8))
            {
                sink.Json.Write("null"u8);
                at += 4;
            }
            else
            {
                WriteString(sink, text, ref at);
            }
        }

        sink.Json.Write((byte)'}');
    }

    private static void WriteString(ValueSink sink, ReadOnlySpan<byte> text, ref int at)
    {
        at = Skip(text, at, "\""u8) - 1;
        using var quoted = QuotedText.Read(text, ref at);
        JsonText.WriteString(sink.Json, quoted.Value);
    }

    private static int Skip(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> expected) =>
        text[at..].StartsWith(expected) ? at + expected.Length : throw new FormatException("an hstore isn't written as hstores are");
}

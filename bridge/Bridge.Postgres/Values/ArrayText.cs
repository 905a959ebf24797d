namespace Bridge.Postgres.Values;

/// <summary>Reads arrays. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO</summary>
/// <remarks><c>{1,NULL,"a b"}</c>, <c>{{1,2},{3,4}}</c>, and <c>[0:1]={1,2}</c> where the first index isn't 1: that is left out.</remarks>
internal static class ArrayText
{
    /// <summary>Writes a JSON array, of arrays for more dimensions.</summary>
    internal static void Write(ValueSink sink, ArrayType type, ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'[', ..] ? text.IndexOf((byte)'=') + 1 : 0;
        WriteDimension(sink, type, text, ref at);
    }

    private static void WriteDimension(ValueSink sink, ArrayType type, ReadOnlySpan<byte> text, ref int at)
    {
        Expect(text, at++, (byte)'{');
        sink.Json.Write((byte)'[');
        for (var first = true; Current(text, at) != '}'; first = false)
        {
            if (!first)
            {
                Expect(text, at++, type.Delimiter);
                sink.Json.Write((byte)',');
            }

            WriteElement(sink, type, text, ref at);
        }

        at++;
        sink.Json.Write((byte)']');
    }

    private static void WriteElement(ValueSink sink, ArrayType type, ReadOnlySpan<byte> text, ref int at)
    {
        switch (Current(text, at))
        {
            case (byte)'{':
                WriteDimension(sink, type, text, ref at);
                break;
            case (byte)'"':
                using (var quoted = QuotedText.Read(text, ref at))
                {
                    ValueWriter.Write(sink, type.Element, quoted.Value);
                }

                break;
            default:
                WriteBare(sink, type, text, ref at);
                break;
        }
    }

    private static void WriteBare(ValueSink sink, ArrayType type, ReadOnlySpan<byte> text, ref int at)
    {
        var length = text[at..].IndexOfAny(type.Delimiter, (byte)'}');
        if (length < 0)
        {
            throw Malformed();
        }

        var element = text.Slice(at, length);
        at += length;
        if (element.SequenceEqual("NULL"u8))
        {
            sink.Json.Write("null"u8);
        }
        else
        {
            ValueWriter.Write(sink, type.Element, element);
        }
    }

    private static byte Current(ReadOnlySpan<byte> text, int at) => at < text.Length ? text[at] : throw Malformed();

    private static void Expect(ReadOnlySpan<byte> text, int at, byte expected)
    {
        if (Current(text, at) != expected)
        {
            throw Malformed();
        }
    }

    private static FormatException Malformed() => new("an array isn't written as arrays are");
}

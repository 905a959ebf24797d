using System.Buffers;
using Bridge.Core.Buffers;

namespace Bridge.Postgres.Values;

/// <summary>Writes UTF-8 texts as JSON strings.</summary>
internal static class JsonText
{
    // https://www.rfc-editor.org/rfc/rfc8259#section-7
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Writes a string in quotes.</summary>
    internal static void WriteString(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        json.Write((byte)'"');
        for (var next = text.IndexOfAny(Escaped); next >= 0; next = text.IndexOfAny(Escaped))
        {
            json.Write(text[..next]);
            WriteEscaped(json, text[next]);
            text = text[(next + 1)..];
        }

        json.Write(text);
        json.Write((byte)'"');
    }

    /// <summary>Writes a text that needs no escaping, in quotes.</summary>
    internal static void WriteQuoted(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        json.Write((byte)'"');
        json.Write(text);
        json.Write((byte)'"');
    }

    private static void WriteEscaped(PooledBuffer json, byte value)
    {
        switch (value)
        {
            case (byte)'"':
                json.Write("\\\""u8);
                break;
            case (byte)'\\':
                json.Write("\\\\"u8);
                break;
            case (byte)'\n':
                json.Write("\\n"u8);
                break;
            default:
                json.Write("\\u00"u8);
                json.Write((byte)"0123456789abcdef"[value >> 4]);
                json.Write((byte)"0123456789abcdef"[value & 15]);
                break;
        }
    }
}

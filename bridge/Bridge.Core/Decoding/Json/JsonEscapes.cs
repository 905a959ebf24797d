using System.Buffers.Text;
using System.Text;

namespace Bridge.Core.Decoding.Json;

/// <summary>Escapes in JSON strings (RFC 8259 section 7).</summary>
internal static class JsonEscapes
{
    /// <summary>Replaces escapes by what they stand for.</summary>
    /// <param name="raw">What stands between the quotes. What isn't a complete escape, or half of a pair, becomes U+FFFD.</param>
    /// <param name="text">At least as long; receives UTF-8.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            raw[..plain].CopyTo(text[length..]);
            length += plain;
            raw = raw[plain..];
            if (raw.Length > 1)
            {
                raw = raw[UnescapeOne(raw, text[length..], out var written)..];
                length += written;
            }
            else if (!raw.IsEmpty)
            {
                break;
            }
        }

        return length;
    }

    /// <summary>Four hexadecimal digits as a number; -1 where one isn't, or the text is too short.</summary>
    public static int ParseHex(ReadOnlySpan<byte> digits) =>
        digits.Length >= 4 && Utf8Parser.TryParse(digits[..4], out int value, out var consumed, 'x') && consumed == 4 ? value : -1;

    private static int UnescapeOne(ReadOnlySpan<byte> raw, Span<byte> text, out int written)
    {
        written = 1;
        switch (raw[1])
        {
            case (byte)'b': text[0] = (byte)'\b'; break;
            case (byte)'f': text[0] = (byte)'\f'; break;
            case (byte)'n': text[0] = (byte)'\n'; break;
            case (byte)'r': text[0] = (byte)'\r'; break;
            case (byte)'t': text[0] = (byte)'\t'; break;
            case (byte)'u': return UnescapeUnit(raw, text, out written);
            default: text[0] = raw[1]; break;
        }

        return 2;
    }

    private static int UnescapeUnit(ReadOnlySpan<byte> raw, Span<byte> text, out int written)
    {
        var unit = ParseHex(raw[2..]);
        if (unit >= 0 && char.IsHighSurrogate((char)unit) && raw.Length >= 12 && raw[6..].StartsWith("\\u"u8)
            && Rune.TryCreate((char)unit, (char)ParseHex(raw[8..]), out var pair))
        {
            written = pair.EncodeToUtf8(text);
            return 12;
        }

        written = (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(text);
        return unit < 0 ? raw.Length : 6;
    }
}

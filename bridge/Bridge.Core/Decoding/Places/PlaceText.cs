using System.Text;
using System.Text.Unicode;

namespace Bridge.Core.Decoding.Places;

/// <summary>How a place writes its text.</summary>
internal enum TextCoding
{
    /// <summary>As it stands: headers and cookies.</summary>
    Plain,

    /// <summary>Percent-encoded (RFC 3986 section 2.1): paths.</summary>
    Percent,

    /// <summary>Percent-encoded, with <c>+</c> for a space (application/x-www-form-urlencoded): queries.</summary>
    Form,
}

/// <summary>Text of a request's head, as UTF-8.</summary>
internal static class PlaceText
{
    /// <summary>UTF-8 bytes that one character of encoded text can become.</summary>
    public const int BytesPerCharacter = 3;

    /// <summary>Decodes a text.</summary>
    /// <param name="text">As the place wrote it.</param>
    /// <param name="coding">How the place writes.</param>
    /// <param name="utf8">At least <see cref="BytesPerCharacter"/> bytes for each character.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False for an incomplete percent sequence and for what isn't UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, TextCoding coding, Span<byte> utf8, out int length)
    {
        // Most texts are plain ASCII to the end.
        var start = 0;
        while ((uint)start < (uint)text.Length && (uint)start < (uint)utf8.Length && IsItself(text[start], coding))
        {
            utf8[start] = (byte)text[start];
            start++;
        }

        length = start;
        return start == text.Length || TryDecodeRest(text[start..], coding, utf8, ref length);
    }

    private static bool IsItself(char unit, TextCoding coding) => unit < 0x80 && (coding == TextCoding.Plain || unit is not ('%' or '+'));

    private static bool TryDecodeRest(ReadOnlySpan<char> text, TextCoding coding, Span<byte> utf8, ref int length)
    {
        var isAscii = true;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (unit is '%' or '+' && coding != TextCoding.Plain)
            {
                if (unit == '%')
                {
                    if (!TryHex(text[(i + 1)..], out unit))
                    {
                        return false;
                    }

                    i += 2;
                    isAscii &= unit < 0x80;
                }
                else if (coding == TextCoding.Form)
                {
                    unit = ' ';
                }

                utf8[length++] = (byte)unit;
            }
            else if (unit < 0x80)
            {
                utf8[length++] = (byte)unit;
            }
            else
            {
                isAscii = false;
                if (Rune.DecodeFromUtf16(text[i..], out var rune, out var units) != System.Buffers.OperationStatus.Done)
                {
                    return false;
                }

                length += rune.EncodeToUtf8(utf8[length..]);
                i += units - 1;
            }
        }

        return isAscii || Utf8.IsValid(utf8[..length]);
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out char value)
    {
        value = '\0';
        if (digits.Length < 2 || !char.IsAsciiHexDigit(digits[0]) || !char.IsAsciiHexDigit(digits[1]))
        {
            return false;
        }

        value = (char)((Digit(digits[0]) << 4) | Digit(digits[1]));
        return true;
    }

    private static int Digit(char hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}

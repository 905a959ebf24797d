using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bridge.Core.Decoding.Json;

/// <content>JSON strings (RFC 8259 section 7).</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Scans the string at the cursor, its quotes included.</summary>
    /// <param name="escaped">Whether it holds an escape.</param>
    public bool ScanString(out bool escaped)
    {
        escaped = false;
        _position++;
        while (true)
        {
            _position = IndexOfSpecial(_input, _position);
            if ((uint)_position >= (uint)_input.Length)
            {
                return Fault("EOF while parsing a string");
            }

            var special = _input[_position];
            if (special == (byte)'"')
            {
                _position++;
                return true;
            }

            if (special != (byte)'\\')
            {
                return Fault("control character (\\u0000-\\u001F) found while parsing a string");
            }

            escaped = true;
            if (!ScanEscape())
            {
                return false;
            }
        }
    }

    /// <summary>The text of the string that starts at an offset and ends at the cursor, unescaped; valid until the next such call.</summary>
    public ReadOnlySpan<byte> TextFrom(int start)
    {
        var raw = _input[(start + 1)..(_position - 1)];
        return raw.Contains((byte)'\\') ? Unescape(raw) : raw;
    }

    private ReadOnlySpan<byte> Unescape(scoped ReadOnlySpan<byte> raw)
    {
        // Looking ahead meets text that nobody checked: an escape cut short at its end takes more room than it has bytes.
        var text = Scratch().Text(raw.Length + 3);
        return text[..JsonEscapes.Unescape(raw, text)];
    }

    private bool ScanEscape()
    {
        var next = _position + 1 < _input.Length ? _input[_position + 1] : (byte)0;
        if (next == (byte)'u')
        {
            return ScanUnicodeEscape();
        }

        if (!"\"\\/bfnrt"u8.Contains(next))
        {
            return Fault(_position + 1 < _input.Length ? "invalid escape" : "EOF while parsing a string");
        }

        _position += 2;
        return true;
    }

    private bool ScanUnicodeEscape()
    {
        var unit = JsonEscapes.ParseHex(_input[(_position + 2)..]);
        if (unit < 0)
        {
            return Fault(_input.Length - _position < 6 ? "EOF while parsing a string" : "invalid escape");
        }

        _position += 6;
        if (!char.IsSurrogate((char)unit))
        {
            return true;
        }

        var rest = _input[_position..];
        var isPaired = char.IsHighSurrogate((char)unit) && rest.StartsWith("\\u"u8)
            && JsonEscapes.ParseHex(rest[2..]) is >= 0xDC00 and <= 0xDFFF;
        if (!isPaired)
        {
            return Fault("lone surrogate in hex escape");
        }

        _position += 6;
        return true;
    }

    /// <summary>The first byte from an offset on that ends a run of plain text: a quote, a backslash or a control character; else the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOfSpecial(ReadOnlySpan<byte> text, int index)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        while (index <= text.Length - Vector128<byte>.Count)
        {
            // Justification: the condition above keeps all sixteen bytes inside the span.
            var block = Vector128.LoadUnsafe(ref first, (nuint)index);
            var special = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(block, Vector128.Create((byte)0x1F)), block);
            if (special != Vector128<byte>.Zero)
            {
                return index + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }

            index += Vector128<byte>.Count;
        }

        while ((uint)index < (uint)text.Length && !IsSpecial(text[index]))
        {
            index++;
        }

        return index;
    }

    private static bool IsSpecial(byte value) => value is (byte)'"' or (byte)'\\' or < 0x20;
}

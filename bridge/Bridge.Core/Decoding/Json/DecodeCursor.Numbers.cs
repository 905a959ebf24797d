using System.Globalization;

namespace Bridge.Core.Decoding.Json;

/// <content>JSON numbers (RFC 8259 section 6).</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Digits that can't overflow: 1.7976931348623157e308 is the largest double.</summary>
    public const int DigitsThatFit = 308;

    /// <summary>Scans the number at the cursor; one that a double can't hold is a fault, as it would reach JavaScript as Infinity.</summary>
    /// <param name="isInteger">Whether it has neither fraction nor exponent.</param>
    public bool ScanNumber(out bool isInteger)
    {
        var start = _position;
        var end = NumberLength(_input[start..], out isInteger, out var hasExponent);
        if (end <= 0)
        {
            _position = Math.Min(start - end, _input.Length);
            return Fault(_position == _input.Length ? "EOF while parsing a value" : "invalid number");
        }

        _position = start + end;
        return (end <= DigitsThatFit && !hasExponent) || double.IsFinite(ParseNumber(_input[start.._position])) || Fault("number out of range");
    }

    /// <summary>The double nearest to a JSON number; infinite where none is near.</summary>
    /// <param name="number">Text that matches JSON's grammar of numbers.</param>
    public static double ParseNumber(ReadOnlySpan<byte> number) =>
        double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>
    /// The length of the JSON number at the start of a text; where there is none, the negated offset of the byte that is wrong.
    /// </summary>
    public static int NumberLength(ReadOnlySpan<byte> text, out bool isInteger, out bool hasExponent)
    {
        isInteger = true;
        hasExponent = false;
        var index = !text.IsEmpty && text[0] == (byte)'-' ? 1 : 0;
        var digits = CountDigits(text, index);
        if (digits == 0 || (digits > 1 && text[index] == (byte)'0'))
        {
            return -(index + Math.Min(digits, 1));
        }

        index += digits;
        if ((uint)index < (uint)text.Length && text[index] == (byte)'.')
        {
            isInteger = false;
            digits = CountDigits(text, index + 1);
            if (digits == 0)
            {
                return -(index + 1);
            }

            index += 1 + digits;
        }

        if ((uint)index < (uint)text.Length && (text[index] | 0x20) == (byte)'e')
        {
            isInteger = false;
            hasExponent = true;
            return ExponentEnd(text, index + 1);
        }

        return index;
    }

    private static int ExponentEnd(ReadOnlySpan<byte> text, int index)
    {
        if ((uint)index < (uint)text.Length && text[index] is (byte)'+' or (byte)'-')
        {
            index++;
        }

        var digits = CountDigits(text, index);
        return digits == 0 ? -index : index + digits;
    }

    private static int CountDigits(ReadOnlySpan<byte> text, int start)
    {
        var index = start;
        while ((uint)index < (uint)text.Length && (uint)(text[index] - '0') <= 9)
        {
            index++;
        }

        return index - start;
    }
}

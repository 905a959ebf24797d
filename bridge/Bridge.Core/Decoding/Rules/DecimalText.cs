using System.Buffers.Text;
using System.Globalization;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A decimal number as its digits are written, <c>-12.50e3</c>, compared and divided without ever becoming a double.</summary>
internal readonly ref struct DecimalText
{
    /// <summary>Bytes that hold the shortest text of any double.</summary>
    public const int LongestDouble = 32;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly bool _isNegative;
    private readonly int _first; // of the digits, the first that isn't zero
    private readonly int _end; // after the last that isn't zero

    private DecimalText(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int exponent, bool isNegative)
    {
        _whole = whole;
        _fraction = fraction;
        var leading = whole.IndexOfAnyExcept((byte)'0');
        var leadingInFraction = fraction.IndexOfAnyExcept((byte)'0');
        IsZero = leading < 0 && leadingInFraction < 0;
        _isNegative = isNegative && !IsZero;
        if (!IsZero)
        {
            _first = leading >= 0 ? leading : whole.Length + leadingInFraction;
            _end = leadingInFraction >= 0 ? whole.Length + fraction.LastIndexOfAnyExcept((byte)'0') + 1 : whole.LastIndexOfAnyExcept((byte)'0') + 1;
            Magnitude = whole.Length - _first + exponent;
            LowestExponent = exponent + whole.Length - _end;
        }
    }

    /// <summary>Whether it is zero, of either sign.</summary>
    public bool IsZero { get; }

    /// <summary>Whether nothing but zeros stands after the point.</summary>
    public bool IsInteger => IsZero || LowestExponent >= 0;

    // The value is 0.d₁d₂…dₙ × 10^Magnitude = d₁d₂…dₙ × 10^LowestExponent.
    private int Magnitude { get; }

    private int LowestExponent { get; }

    /// <summary>Reads a number.</summary>
    /// <param name="text">Digits with an optional sign, point and exponent of few digits; it is not checked.</param>
    public static DecimalText Parse(ReadOnlySpan<byte> text)
    {
        var isNegative = !text.IsEmpty && text[0] == (byte)'-';
        var unsigned = !text.IsEmpty && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var exponentAt = unsigned.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (exponentAt >= 0)
        {
            var digits = unsigned[(exponentAt + 1)..];
            exponent = Utf8Parser.TryParse(digits.StartsWith("+"u8) ? digits[1..] : digits, out int value, out _) ? value : 0;
            unsigned = unsigned[..exponentAt];
        }

        var point = unsigned.IndexOf((byte)'.');
        return point < 0
            ? new DecimalText(unsigned, default, exponent, isNegative)
            : new DecimalText(unsigned[..point], unsigned[(point + 1)..], exponent, isNegative);
    }

    /// <summary>The shortest text that means just this double.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="text">At least <see cref="LongestDouble"/> bytes.</param>
    public static ReadOnlySpan<byte> Shortest(double value, Span<byte> text)
    {
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        return text[..length];
    }

    /// <summary>Less than, equal to or greater than zero, as this number is than another.</summary>
    public int Compare(DecimalText other)
    {
        if (_isNegative != other._isNegative)
        {
            return _isNegative ? -1 : 1;
        }

        var magnitudes = CompareMagnitude(other);
        return _isNegative ? -magnitudes : magnitudes;
    }

    /// <summary>Whether it is a whole multiple of a number.</summary>
    /// <param name="digits">That number's digits as an integer below 10^17, without zeros at its end.</param>
    /// <param name="exponent">The power of ten that they stand for.</param>
    public bool IsMultipleOf(ulong digits, int exponent)
    {
        var shift = LowestExponent - exponent;
        if (IsZero || shift < 0)
        {
            // Below zero: the last digit, which isn't zero, stands lower than any multiple has digits.
            return IsZero;
        }

        var remainder = 0UL;
        for (var i = _first; i < _end; i++)
        {
            remainder = ((remainder * 10) + Digit(i)) % digits;
        }

        return (ulong)((UInt128)remainder * PowerOfTen(shift, digits) % digits) == 0;
    }

    /// <summary>The digits as an integer without zeros at its end, and the power of ten that they stand for.</summary>
    public (ulong Digits, int Exponent) ToInteger()
    {
        var value = 0UL;
        for (var i = _first; i < _end; i++)
        {
            value = (value * 10) + Digit(i);
        }

        return (value, LowestExponent);
    }

    private static ulong PowerOfTen(int exponent, ulong modulus)
    {
        var (result, power) = ((UInt128)1 % modulus, (UInt128)10 % modulus);
        for (; exponent > 0; exponent >>= 1)
        {
            result = (exponent & 1) != 0 ? result * power % modulus : result;
            power = power * power % modulus;
        }

        return (ulong)result;
    }

    private int CompareMagnitude(DecimalText other)
    {
        if (IsZero || other.IsZero)
        {
            return IsZero.CompareTo(other.IsZero) * -1;
        }

        if (Magnitude != other.Magnitude)
        {
            return Magnitude.CompareTo(other.Magnitude);
        }

        var length = Math.Max(_end - _first, other._end - other._first);
        for (var i = 0; i < length; i++)
        {
            var difference = (int)Digit(_first + i) - (int)other.Digit(other._first + i);
            if (difference != 0)
            {
                return difference;
            }
        }

        return 0;
    }

    private uint Digit(int index)
    {
        if (index < _whole.Length)
        {
            return (uint)(_whole[index] - '0');
        }

        index -= _whole.Length;
        return index < _fraction.Length ? (uint)(_fraction[index] - '0') : 0;
    }
}

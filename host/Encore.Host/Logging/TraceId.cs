using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Encore.Host.Logging;

/// <summary>
/// Names the trace that a request belongs to: 128 bits, as W3C Trace Context has them.
/// </summary>
/// <remarks>The default, all zero, is no trace at all.</remarks>
public readonly struct TraceId : IEquatable<TraceId>
{
    /// <summary>How long a written trace is: 128 bits, five a digit, rounded up.</summary>
    public const int Digits = 26;

    private const int BitsPerDigit = 5;

    // 00-<32 hex digits>-<16 hex digits>-<2 hex digits>: https://www.w3.org/TR/trace-context/#traceparent-header-field-values
    private const int TraceParentLength = 55;
    private const int TraceParentTraceStart = 3;
    private const int TraceParentTraceLength = 32;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _bits;

    private TraceId(UInt128 bits) => _bits = bits;

    /// <summary>The 128 bits, most significant first.</summary>
    public UInt128 Bits => _bits;

    /// <summary>Whether this names a trace.</summary>
    public bool IsPresent => _bits != UInt128.Zero;

    /// <summary>A new trace. Unique, not secret.</summary>
    public static TraceId Create()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        return new TraceId(BinaryPrimitives.ReadUInt128BigEndian(bytes) | UInt128.One);
    }

    /// <summary>Reads the trace from a <c>traceparent</c> header; absent where the header is missing or invalid.</summary>
    public static TraceId FromTraceParent(ReadOnlySpan<char> header)
    {
        if (header.Length < TraceParentLength || header[2] != '-' || header[35] != '-' || header[52] != '-' || !IsVersion(header))
        {
            return default;
        }

        var digits = header.Slice(TraceParentTraceStart, TraceParentTraceLength);
        return IsLowerHex(digits) && IsLowerHex(header[36..52]) && header[36..52].ContainsAnyExcept('0') && IsLowerHex(header[53..55])
            ? new TraceId(UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : default;
    }

    /// <summary>Reads the caller's span from a <c>traceparent</c> header; 0 where the header is missing or invalid.</summary>
    public static SpanId ParentSpan(ReadOnlySpan<char> header) =>
        FromTraceParent(header).IsPresent
            ? new SpanId(ulong.Parse(header[36..52], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : default;

    /// <summary>The trace as answers and logs write it: 26 digits of 0–9 and a–v, most significant bits first.</summary>
    public override string ToString() => string.Create(Digits, _bits, static (digits, bits) => Write(bits, digits));

    /// <summary>Writes the same as <see cref="ToString"/>.</summary>
    /// <param name="digits">Receives <see cref="Digits"/> characters.</param>
    public void Format(Span<char> digits) => Write(_bits, digits);

    /// <inheritdoc/>
    public bool Equals(TraceId other) => _bits == other._bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TraceId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bits.GetHashCode();

    /// <summary>Whether both name the same trace.</summary>
    public static bool operator ==(TraceId left, TraceId right) => left.Equals(right);

    /// <summary>Whether they name different traces.</summary>
    public static bool operator !=(TraceId left, TraceId right) => !left.Equals(right);

    private static void Write(UInt128 bits, Span<char> digits)
    {
        // 26 digits hold 130 bits: the value sits at their top, two zero bits below it.
        var high = (ulong)(bits >> 64);
        var low = (ulong)bits;
        for (var i = 0; i < 12; i++)
        {
            digits[i] = Digit(high >> (64 - ((i + 1) * BitsPerDigit)));
        }

        digits[12] = Digit((high << 1) | (low >> 63));
        for (var i = 13; i < 25; i++)
        {
            digits[i] = Digit(low >> (64 - (((i - 13) * BitsPerDigit) + BitsPerDigit + 1)));
        }

        digits[25] = Digit(low << 2);
    }

    private static char Digit(ulong bits) => "0123456789abcdefghijklmnopqrstuv"[(int)(bits & 31)];

    // Version ff is invalid; 00 has nothing after the flags; later ones may append "-…".
    private static bool IsVersion(ReadOnlySpan<char> header) =>
        IsLowerHex(header[..2])
        && header is not ['f', 'f', ..]
        && (header.Length == TraceParentLength || (header is not ['0', '0', ..] && header[TraceParentLength] == '-'));

    private static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHex);
}

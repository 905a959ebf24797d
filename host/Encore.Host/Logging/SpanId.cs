namespace Encore.Host.Logging;

/// <summary>Names one piece of work within a trace: 64 bits, as W3C Trace Context has them.</summary>
/// <param name="Bits">The bits; 0 for none.</param>
public readonly record struct SpanId(ulong Bits)
{
    /// <summary>How long a written span is: 64 bits, five a digit, rounded up.</summary>
    public const int Digits = 13;

    private const int BitsPerDigit = 5;

    // 13 digits hold 65 bits: the value sits at their top, a zero bit below it.
    private const int SpareBits = (Digits * BitsPerDigit) - 64;

    /// <summary>A new span. Unique within its trace, not secret.</summary>
    public static SpanId Create() => new((ulong)Random.Shared.NextInt64(1, long.MaxValue));

    /// <summary>The span as logs write it: 13 digits of 0–9 and a–v, most significant bits first.</summary>
    public override string ToString() => string.Create(Digits, Bits, static (digits, bits) =>
    {
        var value = (UInt128)bits << SpareBits;
        for (var i = digits.Length - 1; i >= 0; i--, value >>= BitsPerDigit)
        {
            digits[i] = "0123456789abcdefghijklmnopqrstuv"[(int)(value & 31)];
        }
    });
}

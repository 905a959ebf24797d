using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Rules;

/// <summary>Durations of RFC 3339 appendix A.</summary>
internal static class TimeSyntax
{
    /// <summary>RFC 3339's date-time, with the T that its grammar asks for.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) =>
        text.Length > 10 && text[10] is (byte)'T' or (byte)'t' && Rfc3339.TryParse(text, out _);

    /// <summary>
    /// Whether a text is a duration: <c>P3W</c>, <c>P1Y2M3DT4H5M6S</c>. Units follow each other without a gap and don't come alone with a T.
    /// </summary>
    public static bool IsDuration(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[0] != (byte)'P')
        {
            return false;
        }

        var rest = text[1..];
        if (rest[^1] == (byte)'W')
        {
            return Units(ref rest, "W"u8) == 1 && rest.IsEmpty;
        }

        var isDateRead = rest[0] == (byte)'T' || Units(ref rest, "YMD"u8) > 0;
        if (!isDateRead || rest.IsEmpty)
        {
            return isDateRead;
        }

        if (rest[0] != (byte)'T')
        {
            return false;
        }

        rest = rest[1..];
        return Units(ref rest, "HMS"u8) > 0 && rest.IsEmpty;
    }

    /// <summary>Takes amounts with consecutive units, from any of them on; the number taken.</summary>
    private static int Units(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> units)
    {
        var taken = 0;
        while (true)
        {
            var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            var unit = digits > 0 ? units.IndexOf(text[digits]) : -1;
            if (unit < 0 || (taken > 0 && unit != 0))
            {
                return taken;
            }

            taken++;
            units = units[(unit + 1)..];
            text = text[(digits + 1)..];
        }
    }
}

using System.Globalization;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Places;

/// <summary>Numbers that come as text: in the path, the query, headers and cookies.</summary>
/// <remarks>
/// Paths, headers and cookies take JSON's grammar. Queries, often written by hand, also take <c>007</c>, <c>+1</c>, <c>.5</c> and <c>5.</c>.
/// </remarks>
internal static class TextNumber
{
    private const NumberStyles QueryStyles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Writes the number that a text is; false, with nothing written, where it is none that a double can hold.</summary>
    public static bool TryWrite(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && DecodeCursor.NumberLength(text, out _, out var hasExponent) == text.Length)
        {
            var isFinite = (!hasExponent && text.Length <= DecodeCursor.DigitsThatFit) || TryParse(text, out _);
            return isFinite && Copy(ref cursor, text);
        }

        return cursor.Place == RequestPlace.Query && TryParse(text, out var value) && Format(ref cursor, value);
    }

    /// <summary>The double nearest to a text; false where there is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, QueryStyles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static bool Copy(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        cursor.Write(text);
        return true;
    }

    private static bool Format(ref DecodeCursor cursor, double value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        cursor.Write(text[..length]);
        return true;
    }
}

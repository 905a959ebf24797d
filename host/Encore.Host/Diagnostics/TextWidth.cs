using System.Globalization;
using System.Text;

namespace Encore.Host.Diagnostics;

/// <summary>How many columns of a terminal text takes.</summary>
public static class TextWidth
{
    /// <summary>Columns from one tab stop to the next in code frames.</summary>
    public const int TabWidth = 4;

    // First and last code points of what terminals draw two columns wide: East Asian Wide and Fullwidth (UAX #11) and the emoji blocks.
    private static readonly (int First, int Last)[] WideRanges =
    [
        (0x1100, 0x115F), (0x2329, 0x232A), (0x231A, 0x231B), (0x23E9, 0x23EC), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The columns a code point takes when it starts at <paramref name="column"/> (0-based; it matters for tabs).</summary>
    public static int Of(Rune rune, int column)
    {
        if (rune.Value == '\t')
        {
            return TabWidth - (column % TabWidth);
        }

        if (rune.Value < 0x300)
        {
            return 1;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            _ => IsWide(rune.Value) ? 2 : 1,
        };
    }

    private static bool IsWide(int codePoint)
    {
        foreach (var (first, last) in WideRanges)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return true;
            }
        }

        return false;
    }
}

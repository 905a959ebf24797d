using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>A set of code points, as a class of a regular expression names it. Immutable.</summary>
internal sealed class CodePointSet
{
    /// <summary>The greatest code point.</summary>
    public const int Last = 0x10FFFF;

    private const int LastUnit = 0xFFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private readonly (int First, int Last)[] _ranges; // in order, with gaps between them
    private readonly UInt128 _ascii;

    private CodePointSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        for (var value = 0; value < 128; value++)
        {
            _ascii |= Search(value) ? UInt128.One << value : 0;
        }
    }

    /// <summary>JavaScript's <c>\d</c>.</summary>
    public static CodePointSet Digits { get; } = Of(('0', '9'));

    /// <summary>JavaScript's <c>\w</c>.</summary>
    public static CodePointSet WordCharacters { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>JavaScript's <c>\s</c>: WhiteSpace and LineTerminator of ECMA-262.</summary>
    public static CodePointSet Spaces { get; } = Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F),
        (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>LineTerminator of ECMA-262: what <c>.</c> doesn't match.</summary>
    public static CodePointSet LineTerminators { get; } = Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029));

    /// <summary>Every code point.</summary>
    public static CodePointSet All { get; } = Of((0, Last));

    /// <summary>The set of some ranges, both ends included, in any order.</summary>
    public static CodePointSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in ranges.Order())
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return new CodePointSet([.. merged]);
    }

    /// <summary>The set of one code point.</summary>
    public static CodePointSet Of(int codePoint) => new([(codePoint, codePoint)]);

    /// <summary>The ranges, both ends included, in order.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>All code points that aren't in the set.</summary>
    public CodePointSet Complement()
    {
        var complement = new List<(int First, int Last)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                complement.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            complement.Add((next, Last));
        }

        return new CodePointSet([.. complement]);
    }

    /// <summary>Whether a code point is in the set.</summary>
    public bool Contains(int codePoint) => codePoint < 128 ? (_ascii >> codePoint & 1) != 0 : Search(codePoint);

    /// <summary>The set in .NET's syntax, which knows UTF-16 units only.</summary>
    /// <param name="isUnicode">
    /// Whether a code point above U+FFFF counts as one character (flag <c>u</c>). The text is well-formed, so single surrogates need no care.
    /// </param>
    public string ToPattern(bool isUnicode)
    {
        var units = UnitsPattern(isUnicode);
        var pairs = isUnicode ? PairsPattern() : "";
        return (units.Length, pairs.Length) switch
        {
            (0, 0) => "(?!)",
            (_, 0) => units,
            (0, _) => $"(?:{pairs})",
            _ => $"(?:{units}|{pairs})",
        };
    }

    private bool Search(int codePoint)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (codePoint > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private string UnitsPattern(bool isUnicode)
    {
        var units = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            AppendUnits(units, first, Math.Min(last, LastUnit), isUnicode);
        }

        return units.Length > 0 ? $"[{units}]" : "";
    }

    private string PairsPattern()
    {
        var pairs = new StringBuilder();
        foreach (var (first, last) in _ranges.Where(range => range.Last > LastUnit))
        {
            AppendPairs(pairs, Math.Max(first, LastUnit + 1), last);
        }

        return pairs.ToString().TrimStart('|');
    }

    private static void AppendUnits(StringBuilder units, int first, int last, bool isUnicode)
    {
        if (isUnicode && first <= LastSurrogate && last >= FirstSurrogate)
        {
            AppendUnits(units, first, FirstSurrogate - 1, isUnicode: false);
            AppendUnits(units, LastSurrogate + 1, last, isUnicode: false);
        }
        else if (first <= last)
        {
            units.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}-\\u{last:X4}");
        }
    }

    // A range of pairs is a first high surrogate, a run of full ones, and a last.
    private static void AppendPairs(StringBuilder pairs, int first, int last)
    {
        while (first <= last)
        {
            var high = 0xD800 + ((first - 0x10000) >> 10);
            var low = 0xDC00 + (first & 0x3FF);
            var isWhole = low == 0xDC00;
            var lastHigh = 0xD800 + ((last - 0x10000) >> 10);
            var wholeTo = isWhole ? ((last & 0x3FF) == 0x3FF ? lastHigh : lastHigh - 1) : 0;
            if (wholeTo >= high)
            {
                pairs.Append(CultureInfo.InvariantCulture, $"|[\\u{high:X4}-\\u{wholeTo:X4}][\\uDC00-\\uDFFF]");
                first = 0x10000 + ((wholeTo + 1 - 0xD800) << 10);
                continue;
            }

            var lowTo = high == lastHigh ? 0xDC00 + (last & 0x3FF) : 0xDFFF;
            pairs.Append(CultureInfo.InvariantCulture, $"|\\u{high:X4}[\\u{low:X4}-\\u{lowTo:X4}]");
            first += lowTo - low + 1;
        }
    }
}

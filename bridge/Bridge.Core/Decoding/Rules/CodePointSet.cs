using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A set of code points, as a class of a regular expression names it.</summary>
internal sealed class CodePointSet
{
    private const int LastUnit = 0xFFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;
    private const int LastCodePoint = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<string> _categories = [];
    private bool _isNegated;

    /// <summary>JavaScript's <c>\d</c>.</summary>
    public static CodePointSet Digits => new CodePointSet().Add('0', '9');

    /// <summary>JavaScript's <c>\w</c>.</summary>
    public static CodePointSet WordCharacters => new CodePointSet().Add('0', '9').Add('A', 'Z').Add('_', '_').Add('a', 'z');

    /// <summary>JavaScript's <c>\s</c>: WhiteSpace and LineTerminator of ECMA-262.</summary>
    public static CodePointSet Spaces => new CodePointSet().Add('\t', '\r').Add(' ', ' ').Add(0xA0, 0xA0).Add(0x1680, 0x1680)
        .Add(0x2000, 0x200A).Add(0x2028, 0x2029).Add(0x202F, 0x202F).Add(0x205F, 0x205F).Add(0x3000, 0x3000).Add(0xFEFF, 0xFEFF);

    /// <summary>What JavaScript's <c>.</c> doesn't match: LineTerminator of ECMA-262.</summary>
    public static CodePointSet LineTerminators => new CodePointSet().Add('\n', '\n').Add('\r', '\r').Add(0x2028, 0x2029);

    /// <summary>The code points whose general category has a name, <c>L</c>, <c>Lu</c>, <c>Nd</c>, or all the others.</summary>
    /// <returns>Null where no category has it.</returns>
    public static CodePointSet? OfCategory(string name, bool isNegated)
    {
        var isMember = Array.ConvertAll(CategoryNames, category => name.Length > 0 && category.StartsWith(name, StringComparison.Ordinal));
        if (!isMember.Contains(true))
        {
            return null;
        }

        // Up to U+FFFF .NET knows the category by name, far faster than by its hundreds of ranges.
        var set = new CodePointSet();
        set._categories.Add(isNegated ? $"\\P{{{name}}}" : $"\\p{{{name}}}");
        for (var value = LastUnit + 1; value <= LastCodePoint; value++)
        {
            if (isMember[(int)CharUnicodeInfo.GetUnicodeCategory(value)] != isNegated)
            {
                set.Add(value, value);
            }
        }

        return set;
    }

    /// <summary>Adds a range, both ends included.</summary>
    public CodePointSet Add(int first, int last)
    {
        if (_ranges.Count > 0 && _ranges[^1].Last + 1 == first)
        {
            _ranges[^1] = (_ranges[^1].First, last);
        }
        else
        {
            _ranges.Add((first, last));
        }

        return this;
    }

    /// <summary>Adds another set.</summary>
    public CodePointSet Add(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        _categories.AddRange(other._categories);
        return this;
    }

    /// <summary>All code points that aren't in the set. With a category in it, the result can't be added to another set.</summary>
    public CodePointSet Complement()
    {
        var complement = new CodePointSet { _isNegated = _categories.Count > 0 };
        complement._categories.AddRange(_categories);
        if (complement._isNegated)
        {
            complement._ranges.AddRange(_ranges);
            return complement;
        }

        var next = 0;
        foreach (var (first, last) in _ranges.Order())
        {
            if (first > next)
            {
                complement.Add(next, first - 1);
            }

            next = Math.Max(next, last + 1);
        }

        return next <= LastCodePoint ? complement.Add(next, LastCodePoint) : complement;
    }

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

    private string UnitsPattern(bool isUnicode)
    {
        var units = new StringBuilder().AppendJoin("", _categories);
        foreach (var (first, last) in _ranges.Order())
        {
            AppendUnits(units, first, Math.Min(last, LastUnit), isUnicode && !_isNegated);
        }

        if (_isNegated)
        {
            return $"[^{units}{(isUnicode ? "\\uD800-\\uDFFF" : "")}]";
        }

        return units.Length > 0 ? $"[{units}]" : "";
    }

    private string PairsPattern()
    {
        var above = new CodePointSet();
        foreach (var (first, last) in _ranges.Where(range => range.Last > LastUnit))
        {
            above.Add(Math.Max(first, LastUnit + 1), last);
        }

        var pairs = new StringBuilder();
        foreach (var (first, last) in (_isNegated ? above.Add(0, LastUnit).Complement() : above)._ranges.Order())
        {
            AppendPairs(pairs, first, last);
        }

        return pairs.ToString().TrimStart('|');
    }

    private static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

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

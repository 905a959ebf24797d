using System.Globalization;

namespace Bridge.Core.Decoding.Rules;

/// <summary>The capturing groups of a JavaScript pattern.</summary>
internal static class PatternGroups
{
    /// <summary>Each capturing group's name, null where it has none, in the order of their opening brackets.</summary>
    public static List<string?> NamesIn(string source)
    {
        var names = new List<string?>();
        var isInClass = false;
        for (var index = 0; index < source.Length; index++)
        {
            switch (source[index])
            {
                case '\\': index++; break;
                case '[': isInClass = true; break;
                case ']': isInClass = false; break;
                case '(' when !isInClass: Add(names, source, index); break;
                default: break;
            }
        }

        return names;
    }

    private static void Add(List<string?> names, string source, int index)
    {
        var rest = source.AsSpan(index + 1);
        if (!rest.StartsWith("?", StringComparison.Ordinal))
        {
            names.Add(null);
        }
        else if (rest.StartsWith("?<", StringComparison.Ordinal) && rest.Length > 2 && rest[2] is not ('=' or '!'))
        {
            var end = rest.IndexOf('>');
            names.Add(end > 2 ? rest[2..end].ToString() : throw new FormatException("invalid group name"));
        }
    }
}

/// <summary>Quantifiers in braces.</summary>
internal static class PatternQuantifier
{
    /// <summary>The length of <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> at an index; 0 where there is none.</summary>
    public static int LengthAt(string source, int index)
    {
        var end = source[index] == '{' ? source.IndexOf('}', index) : -1;
        if (end < 0)
        {
            return 0;
        }

        var bounds = source.AsSpan(index + 1, end - index - 1);
        var comma = bounds.IndexOf(',');
        var from = comma < 0 ? bounds : bounds[..comma];
        var to = comma < 0 ? default : bounds[(comma + 1)..];
        var isQuantifier = !from.IsEmpty && !from.ContainsAnyExceptInRange('0', '9') && !to.ContainsAnyExceptInRange('0', '9');
        return isQuantifier ? end - index + 1 : 0;
    }
}

/// <summary>Single characters, as they stand or escaped.</summary>
internal static class PatternCharacter
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";

    /// <summary>Reads the character at an index: one code point with flag <c>u</c>, one UTF-16 unit without.</summary>
    public static int Read(string source, ref int next, bool isUnicode)
    {
        var isPair = isUnicode && next + 1 < source.Length && char.IsSurrogatePair(source[next], source[next + 1]);
        var value = isPair ? char.ConvertToUtf32(source[next], source[next + 1]) : source[next];
        next += isPair ? 2 : 1;
        return value;
    }

    /// <summary>Reads the rest of an escape whose backslash is read.</summary>
    public static int ReadEscaped(string source, ref int next, bool isUnicode, bool isInClass)
    {
        var symbol = source[next];
        switch (symbol)
        {
            case 'f': next++; return '\f';
            case 'n': next++; return '\n';
            case 'r': next++; return '\r';
            case 't': next++; return '\t';
            case 'v': next++; return '\v';
            case 'b' when isInClass: next++; return '\b';
            case '-' when isInClass: next++; return '-';
            case 'c' when next + 1 < source.Length && char.IsAsciiLetter(source[next + 1]):
                next += 2;
                return source[next - 1] % 32;
            case 'x' when TryReadHex(source, next + 1, 2, out var two):
                next += 3;
                return two;
            case 'u':
                return ReadUnicode(source, ref next, isUnicode);
            case >= '0' and <= '7' when !isUnicode:
                return ReadOctal(source, ref next);
            case '0' when next + 1 == source.Length || !char.IsAsciiDigit(source[next + 1]):
                next++;
                return 0;
            default:
                return isUnicode && !SyntaxCharacters.Contains(symbol, StringComparison.Ordinal)
                    ? throw new FormatException($"unknown escape \\{symbol}")
                    : Read(source, ref next, isUnicode);
        }
    }

    private static int ReadOctal(string source, ref int next)
    {
        var value = 0;
        for (var digits = 0; digits < 3 && next < source.Length && source[next] is >= '0' and <= '7' && (value * 8) + source[next] - '0' <= 255; digits++)
        {
            value = (value * 8) + source[next++] - '0';
        }

        return value;
    }

    private static int ReadUnicode(string source, ref int next, bool isUnicode)
    {
        if (TryReadHex(source, next + 1, 4, out var unit))
        {
            next += 5;
            var isPair = isUnicode && char.IsHighSurrogate((char)unit) && string.CompareOrdinal(source, next, "\\u", 0, 2) == 0;
            if (isPair && TryReadHex(source, next + 2, 4, out var low) && char.IsLowSurrogate((char)low))
            {
                next += 6;
                return char.ConvertToUtf32((char)unit, (char)low);
            }

            return unit;
        }

        if (!isUnicode)
        {
            next++;
            return 'u';
        }

        var end = source.IndexOf('}', next);
        var isBraced = next + 1 < source.Length && source[next + 1] == '{' && end > 0;
        if (!isBraced || !TryReadHex(source, next + 2, end - next - 2, out var value) || value > 0x10FFFF)
        {
            throw new FormatException("invalid Unicode escape");
        }

        next = end + 1;
        return value;
    }

    private static bool TryReadHex(string source, int start, int length, out int value)
    {
        value = 0;
        return length > 0 && start + length <= source.Length
            && int.TryParse(source.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
    }
}

using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>The capturing groups of a pattern, found before it is read: what a backslash means may depend on what comes later.</summary>
internal sealed class PatternGroups
{
    private readonly List<string?> _names = []; // of each group, null where it has none
    private HashSet<string> _open = []; // names used on the way to where the parser is

    private PatternGroups()
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => _names.Count;

    /// <summary>Whether one has a name.</summary>
    public bool HasNames { get; private set; }

    /// <summary>Finds the groups of a pattern.</summary>
    public static PatternGroups In(string source)
    {
        var groups = new PatternGroups();
        var isInClass = false;
        for (var index = 0; index < source.Length; index++)
        {
            switch (source[index])
            {
                case '\\': index++; break;
                case '[': isInClass = true; break;
                case ']': isInClass = false; break;
                case '(' when !isInClass: groups.Add(source, index + 1); break;
                default: break;
            }
        }

        return groups;
    }

    /// <summary>Remembers the names used before a list of alternatives.</summary>
    public Alternatives OpenAlternatives() => new([.. _open], []);

    /// <summary>Ends an alternative: the next one may use its names again.</summary>
    public void EndAlternative(Alternatives alternatives)
    {
        alternatives.Used.UnionWith(_open);
        _open = [.. alternatives.Before];
    }

    /// <summary>Ends the list: the names of all of its alternatives are used.</summary>
    public void CloseAlternatives(Alternatives alternatives) => _open = alternatives.Used;

    /// <summary>Takes a group's name and the bracket after it; false where it is none, or used already.</summary>
    public bool TryOpenName(string source, ref int next)
    {
        var name = ReadName(source, ref next);
        return name is not null && _open.Add(name);
    }

    /// <summary>Takes the name of a reference with its brackets; the numbers of the groups that have it, null where none does.</summary>
    public IReadOnlyList<int>? TryReadReference(string source, ref int next)
    {
        if (next >= source.Length || source[next] != '<')
        {
            return null;
        }

        next++;
        var name = ReadName(source, ref next);
        var groups = Enumerable.Range(0, _names.Count).Where(index => name is not null && _names[index] == name).Select(index => index + 1).ToList();
        return groups.Count > 0 ? groups : null;
    }

    private void Add(string source, int next)
    {
        var rest = source.AsSpan(next);
        if (!rest.StartsWith("?", StringComparison.Ordinal))
        {
            _names.Add(null);
        }
        else if (rest.StartsWith("?<", StringComparison.Ordinal) && rest.Length > 2 && rest[2] is not ('=' or '!'))
        {
            next += 2;
            _names.Add(ReadName(source, ref next)); // where it is no name, the parser says so
            HasNames = true;
        }

    }

    // RegExpIdentifierName: an identifier, escapes of Unicode code points allowed.
    private static string? ReadName(string source, ref int next)
    {
        var name = new StringBuilder();
        while (next < source.Length && source[next] != '>')
        {
            if (!TryReadRune(source, ref next, out var rune) || !IsPartOfName(rune, isFirst: name.Length == 0))
            {
                return null;
            }

            name.Append(rune);
        }

        next++;
        return name.Length > 0 && next <= source.Length ? name.ToString() : null;
    }

    private static bool TryReadRune(string source, ref int next, out Rune rune)
    {
        if (source[next] != '\\')
        {
            var status = Rune.DecodeFromUtf16(source.AsSpan(next), out rune, out var length);
            next += length;
            return status == System.Buffers.OperationStatus.Done;
        }

        rune = default;
        var rest = source.AsSpan(next);
        var isBraced = rest.StartsWith("\\u{", StringComparison.Ordinal);
        var end = isBraced ? rest.IndexOf('}') : 6;
        var start = isBraced ? 3 : 2;
        if (end <= start || rest.Length < end || !rest.StartsWith("\\u", StringComparison.Ordinal)
            || !int.TryParse(rest[start..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        next += isBraced ? end + 1 : end;
        if (value is >= 0xD800 and <= 0xDBFF && !isBraced && source.AsSpan(next).StartsWith("\\u", StringComparison.Ordinal) && source.Length >= next + 6
            && int.TryParse(source.AsSpan(next + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            && Rune.TryCreate((char)value, (char)low, out rune))
        {
            next += 6;
            return true;
        }

        return Rune.TryCreate(value, out rune);
    }

    private static bool IsPartOfName(Rune rune, bool isFirst) =>
        rune.Value is '$' or '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber
        || (!isFirst && (rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation));

    /// <summary>Names around alternatives.</summary>
    /// <param name="Before">Those used before the first.</param>
    /// <param name="Used">Those used in any so far.</param>
    internal sealed record Alternatives(HashSet<string> Before, HashSet<string> Used);
}

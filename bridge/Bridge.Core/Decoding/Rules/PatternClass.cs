namespace Bridge.Core.Decoding.Rules;

/// <summary>Classes: <c>[a-z]</c>, <c>\d</c>, <c>\p{L}</c>.</summary>
internal static class PatternClass
{
    /// <summary>Reads a class whose opening bracket is read.</summary>
    public static CodePointSet Read(string source, ref int next, bool isUnicode)
    {
        var set = new CodePointSet();
        var isNegated = next < source.Length && source[next] == '^';
        next += isNegated ? 1 : 0;
        while (next < source.Length && source[next] != ']')
        {
            ReadMember(set, source, ref next, isUnicode);
        }

        if (next++ >= source.Length)
        {
            throw new FormatException("unterminated class");
        }

        return isNegated ? set.Complement() : set;
    }

    /// <summary>Reads <c>\d</c> and its like, whose backslash is read; null, with nothing read, where another escape stands.</summary>
    public static CodePointSet? TryReadEscapedSet(string source, ref int next, bool isUnicode)
    {
        var symbol = next < source.Length ? source[next] : throw new FormatException("\\ at the end");
        switch (symbol)
        {
            case 'p' or 'P' when isUnicode:
                return ReadCategory(source, ref next, isNegated: symbol == 'P');
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                next++;
                var set = (symbol | 0x20) switch { 'd' => CodePointSet.Digits, 'w' => CodePointSet.WordCharacters, _ => CodePointSet.Spaces };
                return char.IsAsciiLetterUpper(symbol) ? set.Complement() : set;
            default:
                return null;
        }
    }

    private static void ReadMember(CodePointSet set, string source, ref int next, bool isUnicode)
    {
        if (ReadAtom(source, ref next, isUnicode, out var first) is { } members)
        {
            set.Add(members);
            return;
        }

        var isRange = next + 1 < source.Length && source[next] == '-' && source[next + 1] != ']';
        if (!isRange)
        {
            set.Add(first, first);
            return;
        }

        next++;
        if (ReadAtom(source, ref next, isUnicode, out var last) is { } rightMembers)
        {
            // Without flag u, [a-\d] is a, the hyphen and the digits.
            _ = isUnicode ? throw new FormatException("a range can't end in a set") : set.Add(first, first).Add('-', '-').Add(rightMembers);
            return;
        }

        _ = last >= first ? set.Add(first, last) : throw new FormatException("range out of order");
    }

    private static CodePointSet? ReadAtom(string source, ref int next, bool isUnicode, out int codePoint)
    {
        codePoint = 0;
        if (source[next] != '\\')
        {
            codePoint = PatternCharacter.Read(source, ref next, isUnicode);
            return null;
        }

        next++;
        if (TryReadEscapedSet(source, ref next, isUnicode) is { } set)
        {
            return set;
        }

        codePoint = PatternCharacter.ReadEscaped(source, ref next, isUnicode, isInClass: true);
        return null;
    }

    private static CodePointSet ReadCategory(string source, ref int next, bool isNegated)
    {
        var end = source.IndexOf('}', next);
        if (end < 0 || source[next + 1] != '{')
        {
            throw new FormatException("invalid property");
        }

        var name = source[(next + 2)..end];
        var value = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        next = end + 1;
        return CodePointSet.OfCategory(value, isNegated)
            ?? throw new SchemaException($"The regular expression /{source}/ can't be used: the property {name} is not supported.");
    }
}

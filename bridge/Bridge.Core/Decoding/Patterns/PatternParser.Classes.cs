namespace Bridge.Core.Decoding.Patterns;

/// <content>Classes: <c>[a-z]</c>.</content>
internal sealed partial class PatternParser
{
    /// <summary>Takes a class whose opening bracket is taken.</summary>
    private CodePointSet Class()
    {
        var ranges = new List<(int First, int Last)>();
        var isNegated = TryTake("^");
        while (!IsAtEnd && _source[_next] != ']')
        {
            Member(ranges);
        }

        if (IsAtEnd)
        {
            Fail("unterminated class");
            return CodePointSet.All;
        }

        _next++;
        var set = CodePointSet.Of(ranges);
        return isNegated ? set.Complement() : set;
    }

    private void Member(List<(int First, int Last)> ranges)
    {
        var left = ClassAtom(out var first);
        var isRange = _next + 1 < _source.Length && _source[_next] == '-' && _source[_next + 1] != ']';
        if (!isRange)
        {
            ranges.AddRange(left?.Ranges ?? [(first, first)]);
            return;
        }

        _next++;
        var right = ClassAtom(out var last);
        if (left is null && right is null)
        {
            if (last < first)
            {
                Fail("range out of order");
                return;
            }

            ranges.Add((first, last));
            return;
        }

        if (_isUnicode)
        {
            Fail("a range can't end in a set");
            return;
        }

        // Without flag u, [a-\d] is a, the hyphen and the digits.
        ranges.AddRange(left?.Ranges ?? [(first, first)]);
        ranges.Add(('-', '-'));
        ranges.AddRange(right?.Ranges ?? [(last, last)]);
    }

    private CodePointSet? ClassAtom(out int codePoint)
    {
        codePoint = 0;
        if (_source[_next] != '\\')
        {
            codePoint = Character();
            return null;
        }

        _next++;
        if (TryEscapedSet() is { } set)
        {
            return set;
        }

        codePoint = EscapedCharacter(isInClass: true);
        return null;
    }
}

using System.Globalization;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>Reads regular expressions by the grammar of ECMA-262: section 22.2.1 with flag <c>u</c>, annex B.1.2 without.</summary>
/// <remarks>
/// What is wrong is noted once and ends the reading by moving to the end: patterns also come in requests, and an exception would be dear.
/// </remarks>
internal sealed partial class PatternParser
{
    private const int MaxDepth = 200; // of groups: bounds the stack

    private readonly string _source;
    private readonly bool _isUnicode;
    private readonly bool _buildsSets;
    private readonly PatternGroups _groups;
    private int _next;
    private int _depth;
    private int _groupsOpened;
    private bool _isDotAll;
    private bool _isMultiline;
    private string? _error;

    private PatternParser(string source, bool isUnicode, bool buildsSets)
    {
        (_source, _isUnicode, _buildsSets) = (source, isUnicode, buildsSets);
        _groups = PatternGroups.In(source);
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="source">What stands between the slashes.</param>
    /// <param name="isUnicode">Whether flag <c>u</c> is set.</param>
    /// <param name="buildsSets">Whether classes are worked out; without, the result serves for nothing but knowing that there is one.</param>
    /// <param name="error">What is wrong; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static PatternSyntax? Parse(string source, bool isUnicode, bool buildsSets, out string? error)
    {
        var parser = new PatternParser(source, isUnicode, buildsSets);
        var root = parser.Alternatives();
        if (parser._next < source.Length)
        {
            parser.Fail("unmatched )");
        }

        error = parser._error;
        return error is null ? new PatternSyntax(root, parser._groups.Count, isUnicode) : null;
    }

    private bool IsAtEnd => _next >= _source.Length;

    private PatternNode Alternatives()
    {
        var options = new List<PatternNode>();
        var names = _groups.OpenAlternatives();
        while (true)
        {
            options.Add(Sequence());
            _groups.EndAlternative(names);
            if (IsAtEnd || _source[_next] != '|')
            {
                break;
            }

            _next++;
        }

        _groups.CloseAlternatives(names);
        return options.Count == 1 ? options[0] : new AlternativesNode(options);
    }

    private PatternNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (!IsAtEnd && _source[_next] is not ('|' or ')'))
        {
            parts.Add(Term());
        }

        return parts.Count == 1 ? parts[0] : new SequenceNode(parts);
    }

    private PatternNode Term()
    {
        var firstGroup = _groupsOpened;
        switch (_source[_next])
        {
            case '^':
                _next++;
                return new AnchorNode(_isMultiline ? AnchorKind.LineStart : AnchorKind.Start);
            case '$':
                _next++;
                return new AnchorNode(_isMultiline ? AnchorKind.LineEnd : AnchorKind.End);
            case '\\' when StartsWith("\\b") || StartsWith("\\B"):
                _next += 2;
                return new AnchorNode(_source[_next - 1] == 'b' ? AnchorKind.Boundary : AnchorKind.NoBoundary);
            case '(':
                var group = Group(out var isQuantifiable);
                return isQuantifiable ? Quantified(group, firstGroup) : group;
            default:
                return Quantified(Atom(), firstGroup);
        }
    }

    private PatternNode Atom()
    {
        var symbol = _source[_next];
        switch (symbol)
        {
            case '*' or '+' or '?':
                return Fail("nothing to repeat");
            case '{' when _isUnicode || TryBraces(out _, out _):
                return Fail("nothing to repeat");
            case '}' or ']' when _isUnicode:
                return Fail($"lone {symbol}");
            case '.':
                _next++;
                return new SetNode(_isDotAll ? CodePointSet.All : CodePointSet.LineTerminators.Complement());
            case '[':
                _next++;
                return new SetNode(Class());
            case '\\':
                return Escape();
            default:
                return Single(Character());
        }
    }

    private PatternNode Group(out bool isQuantifiable)
    {
        isQuantifiable = true;
        if (++_depth > MaxDepth)
        {
            return Fail("groups too deep");
        }

        var flags = (_isDotAll, _isMultiline);
        var node = OpenGroup(ref isQuantifiable);
        (_isDotAll, _isMultiline) = flags;
        _depth--;
        if (IsAtEnd)
        {
            return Fail("unterminated group");
        }

        _next++;
        return node;
    }

    private PatternNode OpenGroup(ref bool isQuantifiable)
    {
        if (TryTake("(?:"))
        {
            return Alternatives();
        }

        foreach (var (opening, isBehind, isNegated) in Looks)
        {
            if (TryTake(opening))
            {
                isQuantifiable = !isBehind && !_isUnicode; // annex B alone lets a look-ahead repeat
                return new LookNode(Alternatives(), isBehind, isNegated);
            }
        }

        if (TryTake("(?<"))
        {
            if (!_groups.TryOpenName(_source, ref _next))
            {
                return Fail("invalid or repeated group name");
            }
        }
        else if (TryTake("(?"))
        {
            return ReadModifiers() ? Alternatives() : Fail("unknown kind of group");
        }
        else
        {
            _next++;
        }

        var number = ++_groupsOpened;
        return new GroupNode(number, Alternatives());
    }

    private static readonly (string Opening, bool IsBehind, bool IsNegated)[] Looks =
        [("(?=", false, false), ("(?!", false, true), ("(?<=", true, false), ("(?<!", true, true)];

    // (?ms-s:…): each flag at most once, at least one. Flag i is not carried over.
    private bool ReadModifiers()
    {
        var end = _source.IndexOf(':', _next);
        var modifiers = end > _next ? _source[_next..end] : "";
        var letters = modifiers.Replace("-", "", StringComparison.Ordinal);
        var isKnown = letters.Length > 0 && letters.All("ms".Contains) && letters.Distinct().Count() == letters.Length && modifiers.Length - letters.Length <= 1;
        if (!isKnown)
        {
            return false;
        }

        var minus = modifiers.Contains('-', StringComparison.Ordinal) ? modifiers.IndexOf('-', StringComparison.Ordinal) : modifiers.Length;
        _isDotAll = (_isDotAll || modifiers[..minus].Contains('s', StringComparison.Ordinal)) && !modifiers[minus..].Contains('s', StringComparison.Ordinal);
        _isMultiline = (_isMultiline || modifiers[..minus].Contains('m', StringComparison.Ordinal)) && !modifiers[minus..].Contains('m', StringComparison.Ordinal);
        _next = end + 1;
        return true;
    }

    private PatternNode Quantified(PatternNode inner, int firstGroup)
    {
        if (IsAtEnd)
        {
            return inner;
        }

        int min, max;
        switch (_source[_next])
        {
            case '*': (min, max) = (0, RepeatNode.Unbounded); _next++; break;
            case '+': (min, max) = (1, RepeatNode.Unbounded); _next++; break;
            case '?': (min, max) = (0, 1); _next++; break;
            case '{' when TryBraces(out min, out max):
                _next = _source.IndexOf('}', _next) + 1;
                break;
            default: return inner;
        }

        if (min > max)
        {
            return Fail("numbers out of order");
        }

        return new RepeatNode(inner, min, max, IsLazy: TryTake("?"), firstGroup + 1, _groupsOpened + 1);
    }

    /// <summary>Whether <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> comes next; it is not taken.</summary>
    private bool TryBraces(out int min, out int max)
    {
        (min, max) = (0, 0);
        var end = _source.IndexOf('}', _next);
        if (end < 0)
        {
            return false;
        }

        var bounds = _source.AsSpan(_next + 1, end - _next - 1);
        var comma = bounds.IndexOf(',');
        var from = comma < 0 ? bounds : bounds[..comma];
        var to = comma < 0 ? from : bounds[(comma + 1)..];
        if (from.IsEmpty || from.ContainsAnyExceptInRange('0', '9') || to.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        // Numbers past all bounds are as good as the greatest one.
        min = int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out min) ? min : RepeatNode.Unbounded;
        max = to.IsEmpty || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out max) ? RepeatNode.Unbounded : max;
        return true;
    }

    private bool StartsWith(string text) => string.CompareOrdinal(_source, _next, text, 0, text.Length) == 0;

    private bool TryTake(string text)
    {
        var isNext = StartsWith(text);
        _next += isNext ? text.Length : 0;
        return isNext;
    }

    private static SetNode Single(int codePoint) => new(CodePointSet.Of(codePoint));

    private SequenceNode Fail(string reason)
    {
        _error ??= reason;
        _next = _source.Length;
        return new SequenceNode([]);
    }
}

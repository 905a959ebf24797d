using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Rules;

/// <summary>
/// Regular expressions of ECMA-262 in .NET's syntax, for the question whether a well-formed text has a match.
/// </summary>
/// <remarks>
/// What the two read differently is written out: classes, <c>.</c>, <c>$</c>, word boundaries, references to groups without a match, names.
/// Not carried over: properties other than general categories, the <c>v</c> flag, inline modifiers.
/// </remarks>
internal sealed class JavaScriptPattern
{
    private readonly string _source;
    private readonly bool _isUnicode;
    private readonly StringBuilder _output = new();
    private readonly List<string?> _groups;
    private int _next;

    private JavaScriptPattern(string source, bool isUnicode)
    {
        _source = source;
        _isUnicode = isUnicode;
        _groups = PatternGroups.NamesIn(source);
    }

    /// <summary>Translates a pattern: with flag <c>u</c> where it parses so, without elsewhere.</summary>
    /// <exception cref="SchemaException">It is not a regular expression, or not one that can be carried over.</exception>
    public static string Translate(string source)
    {
        try
        {
            return new JavaScriptPattern(source, isUnicode: true).Run();
        }
        catch (FormatException)
        {
            return TranslateWithoutUnicode(source);
        }
    }

    private static string TranslateWithoutUnicode(string source)
    {
        try
        {
            return new JavaScriptPattern(source, isUnicode: false).Run();
        }
        catch (FormatException exception)
        {
            throw new SchemaException($"The regular expression /{source}/ can't be used: {exception.Message}", exception);
        }
    }

    private string Run()
    {
        var depth = 0;
        var canRepeat = false;
        while (_next < _source.Length)
        {
            var symbol = _source[_next];
            switch (symbol)
            {
                case '(':
                    OpenGroup();
                    depth++;
                    canRepeat = false;
                    break;
                case ')':
                    depth = depth > 0 ? depth - 1 : throw new FormatException("unmatched )");
                    canRepeat = true;
                    Copy();
                    break;
                case '|' or '^':
                    canRepeat = false;
                    Copy();
                    break;
                case '$':
                    canRepeat = false;
                    _output.Append("\\z");
                    _next++;
                    break;
                default:
                    canRepeat = Term(symbol, canRepeat);
                    break;
            }
        }

        return depth == 0 ? _output.ToString() : throw new FormatException("unterminated group");
    }

    private bool Term(char symbol, bool canRepeat)
    {
        if (symbol is '*' or '+' or '?' || (symbol == '{' && PatternQuantifier.LengthAt(_source, _next) > 0))
        {
            return canRepeat ? Quantifier() : throw new FormatException("nothing to repeat");
        }

        switch (symbol)
        {
            case '\\':
                return Escape();
            case '[':
                _next++;
                _output.Append(PatternClass.Read(_source, ref _next, _isUnicode).ToPattern(_isUnicode));
                return true;
            case '.':
                _next++;
                _output.Append(CodePointSet.LineTerminators.Complement().ToPattern(_isUnicode));
                return true;
            case '{' or '}' or ']' when _isUnicode:
                throw new FormatException($"lone {symbol}");
            default:
                Literal(PatternCharacter.Read(_source, ref _next, _isUnicode));
                return true;
        }
    }

    private void Copy() => _output.Append(_source[_next++]);

    private bool Quantifier()
    {
        var length = Math.Max(PatternQuantifier.LengthAt(_source, _next), 1);
        _output.Append(_source, _next, length);
        _next += length;
        if (_next < _source.Length && _source[_next] == '?')
        {
            Copy();
        }

        return false;
    }

    private void OpenGroup()
    {
        var rest = _source.AsSpan(_next);
        foreach (var opening in (ReadOnlySpan<string>)["(?:", "(?=", "(?!", "(?<=", "(?<!"])
        {
            if (rest.StartsWith(opening, StringComparison.Ordinal))
            {
                _output.Append(opening);
                _next += opening.Length;
                return;
            }
        }

        if (rest.StartsWith("(?<", StringComparison.Ordinal))
        {
            _next = _source.IndexOf('>', _next) + 1; // found before, when the groups were counted
        }
        else if (rest.StartsWith("(?", StringComparison.Ordinal))
        {
            throw new FormatException("unknown kind of group");
        }
        else
        {
            _next++;
        }

        _output.Append('(');
    }

    private bool Escape()
    {
        var symbol = _next + 1 < _source.Length ? _source[_next + 1] : throw new FormatException("\\ at the end");
        switch (symbol)
        {
            case 'b' or 'B':
                _next += 2;
                Boundary(isBoundary: symbol == 'b');
                return false;
            case 'k' when _isUnicode || _groups.Any(name => name is not null):
                NamedReference();
                return true;
            case >= '1' and <= '9' when NumberedReference():
                return true;
            default:
                _next++;
                if (PatternClass.TryReadEscapedSet(_source, ref _next, _isUnicode) is { } set)
                {
                    _output.Append(set.ToPattern(_isUnicode));
                }
                else
                {
                    Literal(PatternCharacter.ReadEscaped(_source, ref _next, _isUnicode, isInClass: false));
                }

                return true;
        }
    }

    private void Boundary(bool isBoundary)
    {
        var word = CodePointSet.WordCharacters.ToPattern(_isUnicode);
        _output.Append(isBoundary
            ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
            : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
    }

    private void NamedReference()
    {
        var end = _source.IndexOf('>', _next);
        var isName = end > 0 && _source.AsSpan(_next + 2).StartsWith("<", StringComparison.Ordinal);
        var index = isName ? _groups.IndexOf(_source[(_next + 3)..end]) : -1;
        if (index < 0)
        {
            throw new FormatException("reference to an unknown group");
        }

        _next = end + 1;
        Reference(index + 1);
    }

    private bool NumberedReference()
    {
        var end = _next + 1;
        while (end < _source.Length && char.IsAsciiDigit(_source[end]))
        {
            end++;
        }

        var isKnown = int.TryParse(_source.AsSpan(_next + 1, end - _next - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= _groups.Count;
        if (!isKnown)
        {
            return _isUnicode ? throw new FormatException("reference to an unknown group") : false;
        }

        _next = end;
        Reference(number);
        return true;
    }

    // A group without a match refers to the empty text in JavaScript, to nothing at all in .NET.
    private void Reference(int group) => _output.Append(CultureInfo.InvariantCulture, $"(?({group})\\{group}|)");

    private void Literal(int codePoint)
    {
        if (codePoint > char.MaxValue)
        {
            var pair = char.ConvertFromUtf32(codePoint);
            _output.Append(CultureInfo.InvariantCulture, $"(?:\\u{(int)pair[0]:X4}\\u{(int)pair[1]:X4})");
        }
        else if (char.IsAsciiLetterOrDigit((char)codePoint))
        {
            _output.Append((char)codePoint);
        }
        else
        {
            _output.Append(CultureInfo.InvariantCulture, $"\\u{codePoint:X4}");
        }
    }
}

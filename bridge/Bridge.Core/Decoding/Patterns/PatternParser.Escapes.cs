using System.Globalization;

namespace Bridge.Core.Decoding.Patterns;

/// <content>Single characters and what a backslash begins.</content>
internal sealed partial class PatternParser
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";

    /// <summary>Takes the character that comes next: one code point with flag <c>u</c>, one UTF-16 unit without.</summary>
    private int Character()
    {
        var isPair = _isUnicode && _next + 1 < _source.Length && char.IsSurrogatePair(_source[_next], _source[_next + 1]);
        var value = isPair ? char.ConvertToUtf32(_source[_next], _source[_next + 1]) : _source[_next];
        _next += isPair ? 2 : 1;
        return value;
    }

    private PatternNode Escape()
    {
        _next++;
        if (IsAtEnd)
        {
            return Fail("\\ at the end");
        }

        var symbol = _source[_next];
        if (symbol == 'k' && (_isUnicode || _groups.HasNames))
        {
            _next++;
            var groups = _groups.TryReadReference(_source, ref _next);
            return groups is null ? Fail("reference to an unknown group") : new ReferenceNode(groups);
        }

        if (symbol is >= '1' and <= '9' && TryNumber(out var number))
        {
            return new ReferenceNode([number]);
        }

        return TryEscapedSet() is { } set ? new SetNode(set) : Single(EscapedCharacter(isInClass: false));
    }

    // With flag u a number must be a group's; without, one that is none is read as an octal or as itself.
    private bool TryNumber(out int number)
    {
        var end = _next;
        while (end < _source.Length && char.IsAsciiDigit(_source[end]))
        {
            end++;
        }

        var isKnown = int.TryParse(_source.AsSpan(_next, end - _next), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number <= _groups.Count;
        if (isKnown)
        {
            _next = end;
        }
        else if (_isUnicode)
        {
            Fail("reference to an unknown group");
        }

        return isKnown;
    }

    /// <summary>Takes <c>\d</c> and its like, whose backslash is taken; null, with nothing taken, where another escape stands.</summary>
    private CodePointSet? TryEscapedSet()
    {
        if (IsAtEnd)
        {
            return null;
        }

        var symbol = _source[_next];
        switch (symbol)
        {
            case 'p' or 'P' when _isUnicode:
                return Property(isNegated: symbol == 'P');
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                _next++;
                var set = (symbol | 0x20) switch { 'd' => CodePointSet.Digits, 'w' => CodePointSet.WordCharacters, _ => CodePointSet.Spaces };
                return char.IsAsciiLetterUpper(symbol) ? set.Complement() : set;
            default:
                return null;
        }
    }

    private CodePointSet Property(bool isNegated)
    {
        var end = _source.IndexOf('}', _next);
        if (end < 0 || _next + 1 >= _source.Length || _source[_next + 1] != '{')
        {
            Fail("invalid property");
            return CodePointSet.All;
        }

        var name = _source[(_next + 2)..end];
        _next = end + 1;
        if (!UnicodeProperties.IsKnown(name))
        {
            Fail($"unknown property {name}");
            return CodePointSet.All;
        }

        var set = _buildsSets ? UnicodeProperties.SetOf(name) : CodePointSet.All;
        return isNegated ? set.Complement() : set;
    }

    /// <summary>Takes the rest of an escape whose backslash is taken.</summary>
    private int EscapedCharacter(bool isInClass)
    {
        if (IsAtEnd)
        {
            Fail("\\ at the end");
            return 0;
        }

        var symbol = _source[_next];
        switch (symbol)
        {
            case 'f': _next++; return '\f';
            case 'n': _next++; return '\n';
            case 'r': _next++; return '\r';
            case 't': _next++; return '\t';
            case 'v': _next++; return '\v';
            case 'b' when isInClass: _next++; return '\b';
            case '-' when isInClass && _isUnicode: _next++; return '-';
            case 'c': return Control(isInClass);
            case 'x' when TryHex(_next + 1, 2, out var two):
                _next += 3;
                return two;
            case 'u': return Unicode();
            case >= '0' and <= '7' when !_isUnicode: return Octal();
            case '0' when _next + 1 == _source.Length || !char.IsAsciiDigit(_source[_next + 1]):
                _next++;
                return 0;
            default:
                if (_isUnicode && !SyntaxCharacters.Contains(symbol, StringComparison.Ordinal))
                {
                    Fail($"unknown escape \\{symbol}");
                    return 0;
                }

                return Character();
        }
    }

    private int Control(bool isInClass)
    {
        var letter = _next + 1 < _source.Length ? _source[_next + 1] : '\0';
        var isControl = char.IsAsciiLetter(letter) || (!_isUnicode && isInClass && (char.IsAsciiDigit(letter) || letter == '_'));
        if (isControl)
        {
            _next += 2;
            return letter % 32;
        }

        if (_isUnicode)
        {
            Fail("invalid escape \\c");
        }

        return '\\'; // the c is then a character of its own
    }

    private int Octal()
    {
        var value = 0;
        for (var digits = 0; digits < 3 && !IsAtEnd && _source[_next] is >= '0' and <= '7' && (value * 8) + _source[_next] - '0' <= 255; digits++)
        {
            value = (value * 8) + _source[_next++] - '0';
        }

        return value;
    }

    private int Unicode()
    {
        if (TryHex(_next + 1, 4, out var unit))
        {
            _next += 5;
            var isPair = _isUnicode && char.IsHighSurrogate((char)unit) && StartsWith("\\u");
            if (isPair && TryHex(_next + 2, 4, out var low) && char.IsLowSurrogate((char)low))
            {
                _next += 6;
                return char.ConvertToUtf32((char)unit, (char)low);
            }

            return unit;
        }

        if (!_isUnicode)
        {
            _next++;
            return 'u';
        }

        var end = _source.IndexOf('}', _next);
        var isBraced = _next + 1 < _source.Length && _source[_next + 1] == '{' && end > 0;
        if (!isBraced || !TryHex(_next + 2, end - _next - 2, out var value) || value > CodePointSet.Last)
        {
            Fail("invalid Unicode escape");
            return 0;
        }

        _next = end + 1;
        return value;
    }

    private bool TryHex(int start, int length, out int value)
    {
        value = 0;
        if (length <= 0 || start + length > _source.Length)
        {
            return false;
        }

        var digits = _source.AsSpan(start, length);
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }

            // Leading zeros may be many; a value past the last code point stays past it.
            value = Math.Min((value << 4) | Convert.ToInt32(digit.ToString(), 16), CodePointSet.Last + 1);
        }

        return true;
    }
}

using System.Globalization;
using System.Text;

namespace Bridge.Core.JsonSchemas;

/// <summary>
/// Regular expressions as validators take them: with JavaScript's flag <c>u</c> (JSON Schema 2020-12 section 6.4), under which a needless
/// escape or a lone bracket is an error.
/// </summary>
internal sealed class UnicodePattern
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";
    private const string EscapeLetters = "bBcdDfknpPrsStuvwWx0123456789";

    private readonly string _source;
    private readonly StringBuilder _output = new();
    private int _next;

    private UnicodePattern(string source) => _source = source;

    /// <summary>The pattern with the same meaning under the flag; one that needs no change stays as it is.</summary>
    public static string From(string source) => new UnicodePattern(source).Run();

    /// <summary>A pattern that a text itself fits, and nothing else at its place.</summary>
    public static string Literal(string text)
    {
        var pattern = new StringBuilder();
        foreach (var unit in text)
        {
            if (SyntaxCharacters.Contains(unit, StringComparison.Ordinal))
            {
                pattern.Append('\\').Append(unit);
            }
            else if (unit < ' ')
            {
                pattern.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            else
            {
                pattern.Append(unit);
            }
        }

        return pattern.ToString();
    }

    private string Run()
    {
        var isInClass = false;
        while (_next < _source.Length)
        {
            var symbol = _source[_next];
            switch (symbol)
            {
                case '\\' when _next + 1 < _source.Length:
                    Escape(isInClass);
                    break;
                case '[' when !isInClass:
                    isInClass = true;
                    Copy(1);
                    break;
                case ']' when isInClass:
                    isInClass = false;
                    Copy(1);
                    break;
                case '{' when !isInClass && QuantifierLength() is > 0 and var length:
                    Copy(length);
                    break;
                case '{' or '}' or ']' when !isInClass:
                    _output.Append('\\');
                    Copy(1);
                    break;
                default:
                    Copy(1);
                    break;
            }
        }

        return _output.ToString();
    }

    private void Escape(bool isInClass)
    {
        var escaped = _source[_next + 1];
        if (escaped is 'u' or 'p' or 'P' or 'k' && _source.AsSpan(_next + 2) is ['{' or '<', ..])
        {
            // \u{1F600}, \p{Letter}, \k<name>: brackets that belong to the escape.
            var end = _source.IndexOfAny(['}', '>'], _next);
            Copy(end < 0 ? 2 : end - _next + 1);
        }
        else if (SyntaxCharacters.Contains(escaped, StringComparison.Ordinal) || EscapeLetters.Contains(escaped, StringComparison.Ordinal)
            || (isInClass && escaped == '-'))
        {
            Copy(2);
        }
        else
        {
            _next++;
            Copy(1);
        }
    }

    private void Copy(int length)
    {
        _output.Append(_source, _next, length);
        _next += length;
    }

    // {n}, {n,} or {n,m}
    private int QuantifierLength()
    {
        var end = _source.IndexOf('}', _next);
        var bounds = end < 0 ? "" : _source[(_next + 1)..end];
        var parts = bounds.Split(',');
        var isQuantifier = parts.Length <= 2 && parts[0].Length > 0 && parts.All(part => part.All(char.IsAsciiDigit));
        return isQuantifier ? end - _next + 1 : 0;
    }
}

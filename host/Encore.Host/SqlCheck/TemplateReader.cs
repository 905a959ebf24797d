using Bridge.Core.Schema;

namespace Encore.Host.SqlCheck;

/// <summary>Reads a piece of a template literal: what lies between its <c>`</c> and <c>${</c>, or <c>}</c> and <c>`</c>.</summary>
/// <remarks>Source: ECMA-262, 12.9.6 (template literal lexical components).</remarks>
/// <param name="source">The file's text.</param>
/// <param name="start">Where the piece begins.</param>
internal sealed class TemplateReader(string source, SourcePosition start)
{
    private const string OneCharacterLineEnds = "\n\r\u2028\u2029";

    private int _at = IndexOf(source, start);
    private int _line = (int)start.Line;
    private int _column = (int)start.Column;

    /// <summary>UTF-16 units of the piece's value that were skipped so far: all of them after a skip beyond its end.</summary>
    public int Length { get; private set; }

    /// <summary>Goes on by some UTF-16 units of the piece's value.</summary>
    /// <returns>Where in the file the next one is written; null if the piece ends before it.</returns>
    public (int Line, int Column)? Skip(int units)
    {
        var target = Length + units;
        while (true)
        {
            var (width, value) = Next();
            if (width == 0)
            {
                return null;
            }

            if (Length + value > target)
            {
                return (_line, _column);
            }

            Advance(width);
            Length += value;
        }
    }

    // How many units the file has for the next unit or two of the value; (0, 0) at the end. A line that is continued has none in the value.
    private (int Width, int Value) Next()
    {
        var rest = source.AsSpan(_at);
        if (rest.IsEmpty || rest[0] == '`' || rest.StartsWith("${", StringComparison.Ordinal))
        {
            return (0, 0);
        }

        if (rest[0] != '\\' || rest.Length == 1)
        {
            return (rest.StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1, 1);
        }

        return rest[1] switch
        {
            'x' => (4, 1),
            'u' when rest.Length > 2 && rest[2] == '{' => CodePoint(rest),
            'u' => (6, 1),
            '\r' when rest.Length > 2 && rest[2] == '\n' => (3, 0),
            var escaped when OneCharacterLineEnds.Contains(escaped, StringComparison.Ordinal) => (2, 0),
            _ => (2, 1),
        };
    }

    private static (int Width, int Value) CodePoint(ReadOnlySpan<char> escape)
    {
        var end = escape.IndexOf('}');
        var isBeyondOneUnit = int.TryParse(escape[3..end], System.Globalization.NumberStyles.HexNumber, provider: null, out var code) && code > char.MaxValue;
        return (end + 1, isBeyondOneUnit ? 2 : 1);
    }

    private void Advance(int width)
    {
        for (var end = _at + width; _at < end;)
        {
            var lineEnd = LineEnd(source, _at);
            _at += Math.Max(lineEnd, 1);
            _line += lineEnd > 0 ? 1 : 0;
            _column = lineEnd > 0 ? 1 : _column + 1;
        }
    }

    private static int IndexOf(string source, SourcePosition position)
    {
        var at = 0;
        for (var line = 1; line < position.Line && at < source.Length;)
        {
            var lineEnd = LineEnd(source, at);
            at += Math.Max(lineEnd, 1);
            line += lineEnd > 0 ? 1 : 0;
        }

        return Math.Min(at + (int)position.Column - 1, source.Length);
    }

    private static int LineEnd(string source, int at) =>
        source[at] == '\r' && at + 1 < source.Length && source[at + 1] == '\n' ? 2 : OneCharacterLineEnds.Contains(source[at], StringComparison.Ordinal) ? 1 : 0;
}

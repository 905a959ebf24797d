using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Encore.Host.Diagnostics;

/// <summary>Draws the lines around a span, with carets under it.</summary>
public static class CodeFrame
{
    private const int LinesBefore = 2;
    private const int LinesAfter = 1;

    /// <summary>Columns of code shown of one line; longer lines show the part around the span.</summary>
    private const int MaxColumns = 110;

    /// <summary>Columns kept to the left of the span in a line that is too long.</summary>
    private const int ContextColumns = 30;

    /// <summary>
    /// The frame's lines without a line break at the end; empty where the text has no such line.
    /// </summary>
    /// <param name="text">The whole file.</param>
    /// <param name="span">What to point at; only its first line gets carets.</param>
    /// <param name="style">Colours, or none.</param>
    public static IReadOnlyList<string> Draw(string text, SourceSpan span, TerminalStyle style)
    {
        var lines = SplitLines(text);
        if (span.Line < 1 || span.Line > lines.Length)
        {
            return [];
        }

        var first = Math.Max(1, span.Line - LinesBefore);
        var last = Math.Min(lines.Length, span.Line + LinesAfter);
        while (last > span.Line && string.IsNullOrWhiteSpace(lines[last - 1]))
        {
            last--;
        }

        var gutter = last.ToString(CultureInfo.InvariantCulture).Length;
        var focus = new FocusLine(lines[span.Line - 1], span);
        var shift = focus.Shift;
        var frame = new List<string>();
        for (var number = first; number <= last; number++)
        {
            var label = number.ToString(CultureInfo.InvariantCulture).PadLeft(gutter);
            frame.Add($"  {style.Faint(label + " |")} {Window(Expand(lines[number - 1]), shift)}".TrimEnd());
            if (number == span.Line)
            {
                var carets = new string(' ', focus.CaretStart - shift + (shift > 0 ? 1 : 0)) + style.Error(new string('^', focus.CaretCount));
                frame.Add($"  {style.Faint(new string(' ', gutter) + " |")} {carets}");
            }
        }

        return frame;
    }

    /// <summary>Lines as TypeScript and editors count them: ended by CR LF, LF, CR, LS or PS.</summary>
    private static string[] SplitLines(string text) =>
        text.Split(["\r\n", "\n", "\r", "\u2028", "\u2029"], StringSplitOptions.None);

    private static List<Cell> Expand(string line)
    {
        var cells = new List<Cell>(line.Length);
        var column = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            var width = TextWidth.Of(rune, column);
            var shown = rune.Value == '\t' ? new string(' ', width) : Rune.IsControl(rune) ? "\uFFFD" : rune.ToString();
            cells.Add(new Cell(shown, column, width));
            column += width;
        }

        return cells;
    }

    private static string Window(List<Cell> cells, int shift)
    {
        var shown = new StringBuilder(shift > 0 ? "…" : "");
        foreach (var cell in cells)
        {
            if (cell.Column < shift)
            {
                continue;
            }

            if (cell.Column + cell.Width > shift + MaxColumns)
            {
                shown.Append('…');
                break;
            }

            shown.Append(cell.Shown);
        }

        return shown.ToString();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Cell(string Shown, int Column, int Width);

    /// <summary>The line the span starts in, measured.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct FocusLine
    {
        public FocusLine(string line, SourceSpan span)
        {
            var start = Math.Clamp(span.Column - 1, 0, line.Length);
            var end = span.EndLine == span.Line ? Math.Clamp(span.EndColumn - 1, start, line.Length) : line.TrimEnd().Length;
            CaretStart = ColumnOf(line, start);
            var caretEnd = ColumnOf(line, Math.Max(end, start));
            var total = ColumnOf(line, line.Length);
            Shift = total > MaxColumns && CaretStart > MaxColumns - ContextColumns ? CaretStart - ContextColumns : 0;
            CaretCount = Math.Max(1, Math.Min(caretEnd, Shift + MaxColumns) - CaretStart);
        }

        /// <summary>Columns cut off at the left of every line of the frame.</summary>
        public int Shift { get; }

        public int CaretStart { get; }

        public int CaretCount { get; }

        private static int ColumnOf(string line, int index)
        {
            var column = 0;
            foreach (var rune in line.AsSpan(0, index).EnumerateRunes())
            {
                column += TextWidth.Of(rune, column);
            }

            return column;
        }
    }
}

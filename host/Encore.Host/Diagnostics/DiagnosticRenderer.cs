using System.Globalization;
using System.Text;

namespace Encore.Host.Diagnostics;

/// <summary>Writes findings as text: place, severity, message, member, code frame and the way out.</summary>
/// <param name="root">The folder that spans are relative to.</param>
/// <param name="style">Colours, or none.</param>
/// <param name="workingDirectory">The folder that the files shown are relative to, so that a terminal can open them.</param>
/// <remarks>Thread: one at a time.</remarks>
public sealed class DiagnosticRenderer(string root, TerminalStyle style, string workingDirectory)
{
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    /// <summary>All findings and the summary line.</summary>
    public string Render(IReadOnlyList<Diagnostic> diagnostics)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            Append(text, diagnostic);
            EndParagraph(text);
        }

        return diagnostics.Count == 0 ? "" : text.Append(Summary(diagnostics)).Append('\n').ToString();
    }

    /// <summary>How many errors and warnings in how many files, in one line.</summary>
    public string Summary(IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(item => item.Severity == DiagnosticSeverity.Error);
        var warnings = diagnostics.Count - errors;
        var files = diagnostics.Where(item => item.Span is not null).Select(item => item.Span?.File).Distinct(StringComparer.Ordinal).Count();
        var parts = new List<string>();
        if (errors > 0)
        {
            parts.Add(style.Error(Count(errors, "error")));
        }

        if (warnings > 0)
        {
            parts.Add(style.Warning(Count(warnings, "warning")));
        }

        var place = files == 0 ? "" : $" in {Count(files, "file")}";
        return $"Found {string.Join(" and ", parts)}{place}.";
    }

    private static void EndParagraph(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == '\n')
        {
            text.Length--;
        }

        text.Append("\n\n");
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private string Place(SourceSpan span)
    {
        var path = Path.GetFullPath(Path.Combine(root, span.File));
        var relative = Path.GetRelativePath(workingDirectory, path);
        var shown = (relative.Length < path.Length ? relative : path).Replace('\\', '/');
        return string.Create(CultureInfo.InvariantCulture, $"{shown}:{span.Line}:{span.Column}");
    }

    private void Append(StringBuilder text, Diagnostic diagnostic)
    {
        if (diagnostic.Span is { } span)
        {
            text.Append(style.Place(Place(span))).Append(" - ");
        }

        var isError = diagnostic.Severity == DiagnosticSeverity.Error;
        text.Append(isError ? style.Error("error") : style.Warning("warning"));
        if (diagnostic.Code.Length > 0)
        {
            text.Append(' ').Append(style.Faint(diagnostic.Code));
        }

        text.Append(": ").Append(Indent(diagnostic.Message, "  ")).Append('\n');
        AppendLabelled(text, "member", diagnostic.Member);
        AppendFrame(text, diagnostic.Span);
        foreach (var related in diagnostic.Related)
        {
            text.Append("  ").Append(style.Place(Place(related.Span))).Append(": ").Append(Indent(related.Message, "    ")).Append('\n');
            AppendFrame(text, related.Span);
        }

        AppendLabelled(text, "help", diagnostic.Help);
    }

    private void AppendLabelled(StringBuilder text, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append("  ").Append(style.Label(label + ":")).Append(' ').Append(Indent(value, new string(' ', label.Length + 4))).Append('\n');
        }
    }

    private void AppendFrame(StringBuilder text, SourceSpan? span)
    {
        if (span is null || TextOf(span.File) is not { } source)
        {
            return;
        }

        var frame = CodeFrame.Draw(source, span, style);
        if (frame.Count > 0)
        {
            text.Append('\n').AppendJoin('\n', frame).Append("\n\n");
        }
    }

    private static string Indent(string value, string indent) =>
        value.Trim('\n').ReplaceLineEndings("\n").Replace("\n", "\n" + indent, StringComparison.Ordinal);

    private string? TextOf(string file)
    {
        if (!_texts.TryGetValue(file, out var text))
        {
            text = Read(Path.Combine(root, file));
            _texts.Add(file, text);
        }

        return text;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

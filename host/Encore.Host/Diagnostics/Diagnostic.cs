namespace Encore.Host.Diagnostics;

/// <summary>One finding about an application, whoever made it: the checker, the bundler or the parser.</summary>
/// <param name="Severity">How bad it is; a warning keeps nothing from being built.</param>
/// <param name="Code">A short name such as "TS2322" or "native-addon"; "" for none.</param>
/// <param name="Message">What is wrong and why; may have several lines.</param>
/// <param name="Span">Where; null for findings about the whole application.</param>
/// <param name="Member">The offending member, such as "CreatePost.tags"; null where no member is concerned.</param>
/// <param name="Help">A way out; null where the message says it all.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity,
    string Code,
    string Message,
    SourceSpan? Span = null,
    string? Member = null,
    string? Help = null)
{
    /// <summary>Other places that belong to it, in the order to show them.</summary>
    public IReadOnlyList<RelatedPlace> Related { get; init; } = [];

    /// <summary>An error without a place.</summary>
    public static Diagnostic Error(string code, string message, string? help = null) =>
        new(DiagnosticSeverity.Error, code, message, Help: help);
}

/// <summary>How bad a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The application can't be built or started.</summary>
    Error,

    /// <summary>It can, but something is likely not meant so.</summary>
    Warning,
}

/// <summary>A stretch of a file.</summary>
/// <param name="File">Relative to the application's root with '/', absolute for files outside it.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in UTF-16 units.</param>
/// <param name="EndLine">1-based.</param>
/// <param name="EndColumn">1-based and exclusive; equal to the start for a mere point.</param>
public sealed record SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn);

/// <summary>Another place a finding speaks of.</summary>
/// <param name="Span">Where.</param>
/// <param name="Message">What is there.</param>
public sealed record RelatedPlace(SourceSpan Span, string Message);

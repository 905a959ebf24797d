namespace Encore.Host.Diagnostics;

/// <summary>Gathers findings of several sources into the order in which a person reads them.</summary>
/// <remarks>Thread: one at a time.</remarks>
public sealed class DiagnosticList
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>Adds findings.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics) => _items.AddRange(diagnostics);

    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => _items.Exists(item => item.Severity == DiagnosticSeverity.Error);

    /// <summary>
    /// All findings by file, position and severity, those without a place last; what two sources say of one spot in the same words is one.
    /// </summary>
    public IReadOnlyList<Diagnostic> ToSorted() =>
        [.. _items
            .DistinctBy(item => (item.Severity, item.Message, item.Span?.File, item.Span?.Line, item.Span?.Column, item.Member))
            .OrderBy(item => item.Span is null)
            .ThenBy(item => item.Span?.File, StringComparer.Ordinal)
            .ThenBy(item => item.Span?.Line)
            .ThenBy(item => item.Span?.Column)
            .ThenBy(item => item.Severity)
            .ThenBy(item => item.Code, StringComparer.Ordinal)];
}

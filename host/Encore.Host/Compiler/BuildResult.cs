using Bridge.Core.Schema;
using Encore.Host.Diagnostics;

namespace Encore.Host.Compiler;

/// <summary>What a build or check gave.</summary>
/// <param name="Output">What it made; null where there are errors, or where only a check was asked for.</param>
/// <param name="Diagnostics">Everything found, in the order to show it.</param>
/// <param name="Endpoints">How many endpoints the application has; 0 where there are errors.</param>
public sealed record BuildResult(BuildOutput? Output, IReadOnlyList<Diagnostic> Diagnostics, int Endpoints)
{
    /// <summary>The application's description, without a bundle's hash; null where there are errors.</summary>
    public Application? Schema { get; init; }

    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => Diagnostics.Any(item => item.Severity == DiagnosticSeverity.Error);

    /// <summary>The same with further findings.</summary>
    public BuildResult With(IEnumerable<Diagnostic> found)
    {
        var all = new DiagnosticList();
        all.AddRange(Diagnostics);
        all.AddRange(found);
        return this with { Diagnostics = all.ToSorted() };
    }
}

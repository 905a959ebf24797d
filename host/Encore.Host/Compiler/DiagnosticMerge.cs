using Encore.Host.Diagnostics;

namespace Encore.Host.Compiler;

/// <summary>Checker and bundler read the same files and often find the same fault; a person needs to read it once, in the better words.</summary>
internal static class DiagnosticMerge
{
    // TypeScript's codes for a module it can't find.
    private static readonly string[] UnresolvedByChecker = ["TS2307", "TS2792", "TS2306", "TS2732", "TS2591", "TS2580"];

    /// <summary>Both sources' findings without those that the other says better.</summary>
    public static IEnumerable<Diagnostic> Merge(IReadOnlyList<Diagnostic> checking, IReadOnlyList<Diagnostic> bundling)
    {
        // About imports the bundler knows more (is it Node's, is it a native addon), about all else the checker does.
        var imports = bundling.Where(IsAboutImport).Select(PlaceOf).ToHashSet();
        var checkedPlaces = checking.Where(item => item.Severity == DiagnosticSeverity.Error).Select(PlaceOf).ToHashSet();
        var fromChecker = checking.Where(item => !(UnresolvedByChecker.Contains(item.Code, StringComparer.Ordinal) && imports.Contains(PlaceOf(item))));
        var fromBundler = bundling.Where(item => IsAboutImport(item) || item.Span is null || !checkedPlaces.Contains(PlaceOf(item)));
        return fromChecker.Concat(fromBundler);
    }

    private static bool IsAboutImport(Diagnostic diagnostic) =>
        diagnostic.Code is "node-module" or "native-addon" or "unresolved-import" or "import-scheme" or "unknown-file-type";

    private static (string? File, int? Line) PlaceOf(Diagnostic diagnostic) => (diagnostic.Span?.File, diagnostic.Span?.Line);
}

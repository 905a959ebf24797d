using System.Text.RegularExpressions;
using Encore.Host.Diagnostics;
using Encore.Host.SourceCheck;

namespace Encore.Host.Compiler;

/// <summary>Checker and bundler read the same files and often find the same fault; a person needs to read it once, in the better words.</summary>
/// <param name="root">The application's folder.</param>
/// <param name="sdk">The SDK, with whose modules a mistaken import is compared.</param>
internal sealed partial class DiagnosticMerge(string root, SdkModules sdk)
{
    // TypeScript's codes for a module that it can't find, or whose kind it can't tell.
    private static readonly string[] UnresolvedCodes = ["TS2307", "TS2792", "TS2306", "TS2732", "TS2591", "TS2580"];

    /// <summary>Both sources' findings without those that the other says better.</summary>
    public IEnumerable<Diagnostic> Merge(IReadOnlyList<Diagnostic> checking, IReadOnlyList<Diagnostic> bundling)
    {
        // About imports the bundler knows more (is it Node's, is it a native addon), about all else the checker does.
        var imports = bundling.Where(IsAboutImport).Select(PlaceOf).ToHashSet();
        var checkedPlaces = checking.Where(item => item.Severity == DiagnosticSeverity.Error).Select(PlaceOf).ToHashSet();
        var fromChecker = checking.Where(item => !(UnresolvedCodes.Contains(item.Code, StringComparer.Ordinal) && imports.Contains(PlaceOf(item))));
        var fromBundler = bundling.Where(item => IsAboutImport(item) || item.Span is null || !checkedPlaces.Contains(PlaceOf(item)));
        return fromChecker.Select(Explain).Concat(fromBundler);
    }

    private static bool IsAboutImport(Diagnostic diagnostic) =>
        diagnostic.Code is ImportDiagnostics.NodeModuleCode or ImportDiagnostics.UnresolvedCode or ImportDiagnostics.NativeAddonCode or ImportDiagnostics.SchemeCode;

    private static (string? File, int? Line) PlaceOf(Diagnostic diagnostic) => (diagnostic.Span?.File, diagnostic.Span?.Line);

    /// <summary>Where the bundler didn't get to look (a check, a syntax error elsewhere), the same words without it.</summary>
    private Diagnostic Explain(Diagnostic diagnostic)
    {
        if (diagnostic.Span is not { } span || CannotFindModule().Match(diagnostic.Message) is not { Success: true } match)
        {
            return diagnostic;
        }

        var specifier = match.Groups["specifier"].Value;
        return SdkModules.IsSdkSpecifier(specifier)
            ? ImportDiagnostics.UnknownSdkModule(specifier, sdk.PublicSubpaths, span)
            : ImportDiagnostics.ForUnresolved(specifier, span, Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, span.File))) ?? root);
    }

    [GeneratedRegex("^Cannot find module '(?<specifier>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CannotFindModule();
}

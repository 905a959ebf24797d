using System.Text;
using Encore.Host.Diagnostics;
using Encore.Host.SourceCheck;

namespace Encore.Host.Compiler.Esbuild;

/// <summary>Turns esbuild's messages into findings: those about imports say why the isolate can't have them, and a way out.</summary>
/// <param name="root">The application's folder.</param>
/// <param name="sdk">The SDK, whose modules a mistaken import is compared with.</param>
internal sealed class EsbuildMessages(string root, SdkModules sdk)
{
    private const string UnresolvedPrefix = "Could not resolve \"";
    private const string NoLoaderPrefix = "No loader is configured for \"";
    private const string UnknownSdkPrefix = "The SDK has no module \"";

    /// <summary>The text by which <see cref="Translate"/> knows an import of an SDK module that doesn't exist.</summary>
    public static string UnknownSdkModule(string specifier) => $"{UnknownSdkPrefix}{specifier}\"";

    /// <summary>esbuild's own text for an import that leads nowhere.</summary>
    public static string Unresolved(string specifier) => $"{UnresolvedPrefix}{specifier}\"";

    /// <summary>The findings in a build's response.</summary>
    public IReadOnlyList<Diagnostic> Translate(IReadOnlyDictionary<string, object?> response)
    {
        var found = new List<Diagnostic>();
        var needsOfPackages = new Dictionary<string, PackageNeeds>(StringComparer.Ordinal);
        foreach (var message in Messages(response.GetValueOrDefault("errors")))
        {
            var span = SpanOf(message.GetValueOrDefault("location"));
            if (Quoted(Text(message, "text"), UnresolvedPrefix) is { } specifier && IsNodeModuleOfPackage(specifier, span, out var package))
            {
                // A dependency that needs ten modules of Node's is one problem, not ten.
                if (!needsOfPackages.TryGetValue(package, out var needs))
                {
                    needsOfPackages.Add(package, needs = new PackageNeeds(span));
                }

                needs.Modules.Add(specifier);
            }
            else
            {
                found.Add(TranslateOne(message, span, DiagnosticSeverity.Error));
            }
        }

        foreach (var message in Messages(response.GetValueOrDefault("warnings")))
        {
            if (SpanOf(message.GetValueOrDefault("location")) is { } span && !IsDependency(span.File))
            {
                // What dependencies warn of, an application's author can't mend.
                found.Add(TranslateOne(message, span, DiagnosticSeverity.Warning));
            }
        }

        found.AddRange(needsOfPackages.Select(entry => Explain(entry.Key, entry.Value)));
        return found;
    }

    private static IEnumerable<Dictionary<string, object?>> Messages(object? list) =>
        (list as List<object?> ?? []).OfType<Dictionary<string, object?>>();

    private static bool IsDependency(string file) =>
        file.StartsWith("node_modules/", StringComparison.Ordinal) || file.Contains("/node_modules/", StringComparison.Ordinal);

    private Diagnostic TranslateOne(Dictionary<string, object?> message, SourceSpan? span, DiagnosticSeverity severity)
    {
        var text = Text(message, "text");
        if (Quoted(text, UnresolvedPrefix) is { } specifier)
        {
            return Unresolved(specifier, span, severity, message);
        }

        if (Quoted(text, UnknownSdkPrefix) is { } module)
        {
            return ImportDiagnostics.UnknownSdkModule(module, sdk.PublicSubpaths, span);
        }

        if (Quoted(text, NoLoaderPrefix) is { } extension)
        {
            return extension == ".node"
                ? ImportDiagnostics.NativeAddon(text[(text.LastIndexOf(' ') + 1)..], span)
                : new Diagnostic(
                    severity,
                    "unknown-file-type",
                    $"{extension} files can't be imported.",
                    span,
                    Help: "import .ts, .js, .json or .txt files; keep others beside the application and read them at run time");
        }

        return new Diagnostic(severity, Text(message, "id"), text, span, Help: NotesWithoutPlace(message)) { Related = NotesWithPlace(message) };
    }

    private Diagnostic Unresolved(string specifier, SourceSpan? span, DiagnosticSeverity severity, Dictionary<string, object?> message)
    {
        var importer = span is null ? root : Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, span.File))) ?? root;
        return ImportDiagnostics.ForUnresolved(specifier, span, importer) with { Severity = severity, Related = NotesWithPlace(message) };
    }

    private static bool IsNodeModuleOfPackage(string specifier, SourceSpan? span, out string package)
    {
        package = span is not null && IsDependency(span.File) ? ImportDiagnostics.PackageOfFile(span.File) ?? "" : "";
        return package.Length > 0 && NodeModuleNames.IsNodeModule(specifier);
    }

    private Diagnostic Explain(string package, PackageNeeds needs)
    {
        if (needs.First is { } span)
        {
            var end = span.File.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length + package.Length;
            if (PackageLocator.IsNativeAddon(Path.GetFullPath(Path.Combine(root, span.File[..end]))))
            {
                return ImportDiagnostics.NativeAddon($"The package \"{package}\"", span);
            }
        }

        return ImportDiagnostics.PackageNeedsNode(package, [.. needs.Modules], needs.First);
    }

    private static SourceSpan? SpanOf(object? location)
    {
        if (location is not Dictionary<string, object?> place || Text(place, "namespace") is not ("" or "file"))
        {
            return null;
        }

        var line = Number(place, "line");
        var lineText = Encoding.UTF8.GetBytes(Text(place, "lineText"));
        var start = Math.Min(Number(place, "column"), lineText.Length);
        var end = Math.Min(start + Number(place, "length"), lineText.Length);
        var column = Encoding.UTF8.GetCharCount(lineText, 0, start);
        var endColumn = column + Encoding.UTF8.GetCharCount(lineText, start, end - start);
        return new SourceSpan(Text(place, "file"), line, column + 1, line, endColumn + 1);
    }

    private static string? NotesWithoutPlace(Dictionary<string, object?> message)
    {
        var notes = Messages(message.GetValueOrDefault("notes")).Where(note => note.GetValueOrDefault("location") is null);
        var text = string.Join('\n', notes.Select(note => Text(note, "text")));
        return text.Length == 0 ? null : text;
    }

    private static List<RelatedPlace> NotesWithPlace(Dictionary<string, object?> message)
    {
        var places = new List<RelatedPlace>();
        foreach (var note in Messages(message.GetValueOrDefault("notes")))
        {
            if (SpanOf(note.GetValueOrDefault("location")) is { } span)
            {
                places.Add(new RelatedPlace(span, Text(note, "text")));
            }
        }

        return places;
    }

    private static string Text(Dictionary<string, object?> members, string name) => members.GetValueOrDefault(name) as string ?? "";

    private static int Number(Dictionary<string, object?> members, string name) => members.GetValueOrDefault(name) as int? ?? 0;

    private static string? Quoted(string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = text.IndexOf('"', prefix.Length);
        return end < 0 ? null : text[prefix.Length..end];
    }

    /// <summary>The modules of Node's that a package imports, and where it first does.</summary>
    private sealed record PackageNeeds(SourceSpan? First)
    {
        public SortedSet<string> Modules { get; } = new(StringComparer.Ordinal);
    }
}

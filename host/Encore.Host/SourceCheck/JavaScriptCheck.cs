using Encore.Host.Compiler;
using Encore.Host.Diagnostics;

namespace Encore.Host.SourceCheck;

/// <summary>
/// Looks at an application in plain JavaScript before anything starts: every file it is made of must parse, and every import must be
/// one that can exist in the isolate.
/// </summary>
internal sealed class JavaScriptCheck
{
    private static readonly string[] Endings = ["", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".jsx", ".json", "/index.js", "/index.mjs", "/index.ts", "/index.tsx", "/package.json"];

    private readonly string _root;
    private readonly SdkModules _sdk;
    private readonly bool _hasPathAliases;
    private readonly DiagnosticList _found = new();
    private readonly Queue<string> _pending = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private JavaScriptCheck(string root, SdkModules sdk)
    {
        _root = root;
        _sdk = sdk;
        _hasPathAliases = File.Exists(Path.Combine(root, "tsconfig.json")) || File.Exists(Path.Combine(root, "jsconfig.json"));
    }

    /// <summary>All findings; none for applications that don't start from a JavaScript file.</summary>
    public static IReadOnlyList<Diagnostic> Run(ApplicationSource source, SdkModules sdk)
    {
        if (source.Entry is null || !IsJavaScript(source.Entry))
        {
            return [];
        }

        var check = new JavaScriptCheck(source.Root, sdk);
        check.Enqueue(source.Entry);
        while (check._pending.TryDequeue(out var file))
        {
            check.CheckFile(file);
        }

        return check._found.ToSorted();
    }

    private static bool IsJavaScript(string path) => Path.GetExtension(path) is ".js" or ".mjs" or ".cjs";

    private void Enqueue(string file)
    {
        if (_seen.Add(file))
        {
            _pending.Enqueue(file);
        }
    }

    private void CheckFile(string path)
    {
        var name = Path.GetRelativePath(_root, path).Replace('\\', '/');
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _found.AddRange([Diagnostic.Error("unreadable", $"{name} can't be read: {error.Message}")]);
            return;
        }

        var imports = JavaScriptImports.Parse(name, text);
        if (imports.SyntaxError is { } syntaxError)
        {
            _found.AddRange([syntaxError]);
        }

        var folder = Path.GetDirectoryName(path) ?? "/";
        foreach (var site in imports.Sites)
        {
            if (Check(site, folder) is { } finding)
            {
                _found.AddRange([finding]);
            }
        }
    }

    /// <summary>What is wrong with an import; null where nothing is, or where only the bundler can tell.</summary>
    private Diagnostic? Check(ImportSite site, string folder)
    {
        var specifier = site.Specifier;
        if (SdkModules.IsSdkSpecifier(specifier))
        {
            return _sdk.Resolve(specifier) is null ? ImportDiagnostics.UnknownSdkModule(specifier, _sdk.PublicSubpaths, site.Span) : null;
        }

        if (specifier.EndsWith(".node", StringComparison.Ordinal))
        {
            return ImportDiagnostics.NativeAddon(specifier, site.Span);
        }

        if (specifier.StartsWith('.') || (specifier.StartsWith('/') && !specifier.StartsWith("//", StringComparison.Ordinal)))
        {
            var target = Path.GetFullPath(Path.Combine(folder, specifier));
            if (Array.Find(Array.ConvertAll(Endings, ending => target + ending), File.Exists) is not { } file)
            {
                return ImportDiagnostics.ForUnresolved(specifier, site.Span, folder);
            }

            if (IsJavaScript(file))
            {
                Enqueue(file);
            }

            return null;
        }

        return CheckBare(site, folder);
    }

    private Diagnostic? CheckBare(ImportSite site, string folder)
    {
        // Names that package.json ("#x") or a configuration's paths define are the bundler's to resolve.
        var specifier = site.Specifier;
        var isDefinedElsewhere = specifier.StartsWith('#') || specifier.StartsWith("data:", StringComparison.Ordinal);
        if (isDefinedElsewhere || NodeModuleNames.IsProvided(specifier) || (_hasPathAliases && !NodeModuleNames.HasPrefix(specifier)))
        {
            return null;
        }

        if (specifier.Contains(':', StringComparison.Ordinal) || PackageLocator.Find(ImportDiagnostics.PackageOf(specifier), folder) is not { } package)
        {
            return ImportDiagnostics.ForUnresolved(specifier, site.Span, folder);
        }

        return PackageLocator.IsNativeAddon(package) ? ImportDiagnostics.NativeAddon($"The package \"{specifier}\"", site.Span) : null;
    }
}

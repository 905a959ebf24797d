using Encore.Host.Diagnostics;

namespace Encore.Host.SourceCheck;

/// <summary>Says of an import that can't exist in the isolate why, and a way out: the same words whoever noticed it.</summary>
public static class ImportDiagnostics
{
    /// <summary>The code of findings about Node's modules.</summary>
    public const string NodeModuleCode = "node-module";

    /// <summary>The code of findings about files and packages that aren't there.</summary>
    public const string UnresolvedCode = "unresolved-import";

    /// <summary>The code of findings about machine code made for Node.</summary>
    public const string NativeAddonCode = "native-addon";

    /// <summary>The code of findings about imports over the network and the like.</summary>
    public const string SchemeCode = "import-scheme";

    private const string NativeAddonHelp =
        "use a package in pure JavaScript or WebAssembly, or run the native code as a service of its own and call it with fetch";

    /// <summary>An import that leads nowhere.</summary>
    /// <param name="specifier">As written in the import.</param>
    /// <param name="span">Where it is written.</param>
    /// <param name="importerFolder">The folder of the file it is written in, absolute.</param>
    public static Diagnostic ForUnresolved(string specifier, SourceSpan? span, string importerFolder)
    {
        if (specifier.EndsWith(".node", StringComparison.Ordinal))
        {
            return NativeAddon(specifier, span);
        }

        if (NodeModuleNames.IsNodeModule(specifier))
        {
            return Error(
                NodeModuleCode,
                $"Node's module \"{specifier}\" isn't available in the isolate.",
                span,
                NodeModuleNames.SubstituteFor(specifier));
        }

        if (NodeModuleNames.HasPrefix(specifier))
        {
            return Error(UnresolvedCode, $"Node has no module \"{specifier}\".", span, "correct the name; https://nodejs.org/api/ lists them");
        }

        if ((specifier.StartsWith("//", StringComparison.Ordinal) ? "https" : SchemeOf(specifier)) is { } scheme)
        {
            return Error(
                SchemeCode,
                $"Imports by \"{scheme}:\" aren't possible: \"{specifier}\" would have to be loaded when the application runs.",
                span,
                scheme is "npm" or "jsr" ? "install the package with npm and import it by its name" : "install it as a package, or copy it into the application");
        }

        if (specifier.StartsWith('.') || specifier.StartsWith('/'))
        {
            var target = Path.GetFullPath(Path.Combine(importerFolder, specifier));
            return Error(UnresolvedCode, $"\"{specifier}\" leads to no file.", span, $"no such file: {target} (also tried with .ts, .tsx, .js, .jsx, .json, and as a folder with an index file)");
        }

        if (specifier.StartsWith("~encore/", StringComparison.Ordinal))
        {
            return Error(UnresolvedCode, $"This encore-host doesn't generate \"{specifier}\".", span, "import the module that declares what is needed");
        }

        var package = PackageOf(specifier);
        return PackageLocator.Find(package, importerFolder) is null
            ? Error(UnresolvedCode, $"The package \"{package}\" isn't installed.", span, $"run `npm install {package}`")
            : Error(
                UnresolvedCode,
                specifier == package
                    ? $"The package \"{package}\" is installed, but has no module to import."
                    : $"The package \"{package}\" is installed, but has no module \"{specifier}\" for others to import.",
                span,
                $"look at \"exports\" and \"main\" in {package}'s package.json, or install another version");
    }

    /// <summary>An import of machine code made for Node.</summary>
    /// <param name="name">The file or package.</param>
    /// <param name="span">Where it is imported.</param>
    public static Diagnostic NativeAddon(string name, SourceSpan? span) =>
        Error(NativeAddonCode, $"{name} is a native addon: machine code made for Node.js, which the isolate can't load.", span, NativeAddonHelp);

    /// <summary>An import of an SDK module that doesn't exist.</summary>
    /// <param name="specifier">Such as "encore.dev/apis".</param>
    /// <param name="subpaths">The SDK's modules, such as "./api".</param>
    /// <param name="span">Where it is imported.</param>
    public static Diagnostic UnknownSdkModule(string specifier, IEnumerable<string> subpaths, SourceSpan? span)
    {
        var slash = specifier.IndexOf('/', StringComparison.Ordinal);
        var package = slash < 0 ? specifier : specifier[..slash];
        var names = subpaths.Select(subpath => subpath == "." ? package : package + subpath[1..]);
        return Error(UnresolvedCode, $"This encore-host has no module \"{specifier}\".", span, "it has " + string.Join(", ", names));
    }

    /// <summary>A dependency that needs modules of Node's.</summary>
    /// <param name="package">The dependency.</param>
    /// <param name="modules">What it needs.</param>
    /// <param name="span">One of its imports.</param>
    public static Diagnostic PackageNeedsNode(string package, IReadOnlyList<string> modules, SourceSpan? span) =>
        Error(
            NodeModuleCode,
            modules.Count == 1
                ? $"The package \"{package}\" needs Node's module {modules[0]}, which isn't available in the isolate."
                : $"The package \"{package}\" needs Node's modules {string.Join(", ", modules)}, which aren't available in the isolate.",
            span,
            "use a package that also runs in browsers and edge runtimes");

    /// <summary>The package's name in a file's path below node_modules.</summary>
    public static string? PackageOfFile(string file)
    {
        const string Folder = "node_modules/";
        var at = file.LastIndexOf(Folder, StringComparison.Ordinal);
        return at < 0 ? null : PackageOf(file[(at + Folder.Length)..]);
    }

    /// <summary>The package's name in a bare specifier: <c>@scope/name</c> or <c>name</c>.</summary>
    public static string PackageOf(string specifier)
    {
        var parts = specifier.Split('/');
        return specifier.StartsWith('@') && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }

    private static string? SchemeOf(string specifier)
    {
        var colon = specifier.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && specifier.AsSpan(0, colon).IndexOfAnyExceptInRange('a', 'z') < 0 ? specifier[..colon] : null;
    }

    private static Diagnostic Error(string code, string message, SourceSpan? span, string help) =>
        new(DiagnosticSeverity.Error, code, message, span, Help: help);
}

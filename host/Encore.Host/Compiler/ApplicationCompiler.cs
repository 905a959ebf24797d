using Bridge.Core.Schema;
using Encore.Host.Compiler.Esbuild;
using Encore.Host.Compiler.Extraction;
using Encore.Host.Diagnostics;
using Encore.Host.SourceCheck;

namespace Encore.Host.Compiler;

/// <summary>Builds an application: checker and bundler side by side, then their results made one.</summary>
/// <param name="files">Where compiler and SDK lie.</param>
public sealed class ApplicationCompiler(HostFiles files)
{
    /// <summary>Checks and extracts, makes nothing.</summary>
    /// <exception cref="HostFilesException">A part of the installation is missing.</exception>
    public async Task<BuildResult> CheckAsync(ApplicationSource source)
    {
        var sdk = SdkModules.Load(files.Verified().SdkFolder);
        var refused = JavaScriptCheck.Run(source, sdk);
        if (refused.Count > 0)
        {
            return new BuildResult(Output: null, refused, Endpoints: 0);
        }

        var (check, _) = await SchemaExtractor.RunAsync(files, source);
        return Result(check, new DiagnosticMerge(source.Root, sdk), [], output: null);
    }

    /// <summary>Checks, and writes the modules that are made of the application itself, whether or not it has errors.</summary>
    /// <returns>What was found, and what was written.</returns>
    /// <exception cref="HostFilesException">A part of the installation is missing.</exception>
    public async Task<(BuildResult Result, IReadOnlyList<string> Modules)> GenerateAsync(ApplicationSource source)
    {
        var sdk = SdkModules.Load(files.Verified().SdkFolder);
        var (check, _) = await SchemaExtractor.RunAsync(files, source);
        GeneratedModules.Write(check.Generated);
        return (Result(check, new DiagnosticMerge(source.Root, sdk), [], output: null), [.. check.Generated.Select(file => file.Path)]);
    }

    /// <summary>Checks, extracts and bundles.</summary>
    /// <exception cref="HostFilesException">A part of the installation is missing.</exception>
    public async Task<BuildResult> BuildAsync(ApplicationSource source, CancellationToken cancellation)
    {
        // The parser alone says best what is wrong with plain JavaScript, and the checker would only repeat it.
        var sdk = SdkModules.Load(files.Verified().SdkFolder);
        var refused = JavaScriptCheck.Run(source, sdk);
        if (refused.Count > 0)
        {
            return new BuildResult(Output: null, refused, Endpoints: 0);
        }

        var checking = SchemaExtractor.RunAsync(files, source);
        using var bundler = new Bundler(source.Root, sdk);
        var guess = ModuleScan.Find(source);
        var bundle = await bundler.BundleAsync(guess, cancellation);
        var (check, missing) = await checking;
        if (!guess.SequenceEqual(check.Modules, StringComparer.Ordinal))
        {
            bundle = await bundler.BundleAsync(check.Modules, cancellation);
        }

        // Whether or not the application has errors: an editor that can't find its clients shows more of them than there are.
        GeneratedModules.Write(check.Generated);
        var output = check.Artifact is null || bundle.Code.Length == 0
            ? null
            : new BuildOutput(
                BuildOutput.Sealed(Convert.FromBase64String(check.Artifact), bundle.Code),
                bundle.Code,
                bundle.SourceMap,
                [.. check.Inputs, .. bundle.Inputs, .. PackageManifests(bundle.Inputs)],
                check.Folders,
                missing);
        return Result(check, new DiagnosticMerge(source.Root, sdk), bundle.Diagnostics, output);
    }

    /// <summary>What decides the result of a build besides its inputs.</summary>
    /// <exception cref="HostFilesException">A part of the installation is missing.</exception>
    internal string ToolIdentity(ApplicationSource source)
    {
        var script = new FileInfo(files.ExtractorScript);
        var sdk = new DirectoryInfo(Path.Combine(files.SdkFolder, "dist"));
        var sdkFile = sdk.Exists ? sdk.EnumerateFiles("*.js", SearchOption.AllDirectories).Max(file => file.LastWriteTimeUtc.Ticks) : 0;
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{HostVersion.Generator}|{script.Length}|{script.LastWriteTimeUtc.Ticks}|{sdkFile}|esbuild {EsbuildProgram.Version}|{source.Entry}");
    }

    private static BuildResult Result(CheckResult check, DiagnosticMerge merge, IReadOnlyList<Diagnostic> bundling, BuildOutput? output)
    {
        var found = new DiagnosticList();
        var checking = check.Diagnostics.Select(item => item.ToDiagnostic()).ToList();
        found.AddRange(merge.Merge(checking, bundling));
        var schema = check.Artifact is null ? null : Application.Parser.ParseFrom(Convert.FromBase64String(check.Artifact));
        return new BuildResult(found.HasErrors ? null : output, found.ToSorted(), schema?.Endpoints.Count ?? 0) { Schema = found.HasErrors ? null : schema };
    }

    /// <summary>esbuild reads the package.json of every package it takes files from, and doesn't list it.</summary>
    private static IEnumerable<string> PackageManifests(IReadOnlyList<string> inputs) =>
        inputs.Select(PackageFolder).OfType<string>().Distinct(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "package.json"));

    private static string? PackageFolder(string file)
    {
        const string Folder = "/node_modules/";
        var path = file.Replace('\\', '/');
        var at = path.LastIndexOf(Folder, StringComparison.Ordinal);
        return at < 0 ? null : path[..(at + Folder.Length)] + ImportDiagnostics.PackageOf(path[(at + Folder.Length)..]);
    }
}

using System.Text;
using System.Text.Json;
using Encore.Host.Compiler.Esbuild;

namespace Encore.Host.Compiler;

/// <summary>Bundles an application and its dependencies into one ES module for the isolate.</summary>
/// <param name="root">The application's folder; everything in the outputs is relative to it, so that its place doesn't change them.</param>
/// <param name="sdk">The SDK whose modules run, whatever the application has installed.</param>
/// <remarks>Thread: one bundling at a time.</remarks>
internal sealed class Bundler(string root, SdkModules sdk) : IDisposable
{
    // Modules of the SDK lie in a namespace of their own: their names in the bundle and its map don't depend on where the SDK is installed.
    private const string SdkNamespace = "encore-host";
    private const int ResolveSdk = 0;
    private const int ResolveWithinSdk = 1;
    private const int LoadSdk = 2;
    private const int RefuseUrl = 3;
    private const int ResolveGenerated = 4;
    private const int LoadGenerated = 5;
    private const int ResolveNode = 6;

    private static readonly IReadOnlyDictionary<string, object?> NoAnswer = new Dictionary<string, object?>(StringComparer.Ordinal);

    private EsbuildService? _service;

    /// <summary>Bundles the given modules.</summary>
    /// <param name="modules">Those that declare resources, relative to the root.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HostFilesException">esbuild isn't there or fails.</exception>
    public async Task<Bundle> BundleAsync(IReadOnlyList<string> modules, CancellationToken cancellation)
    {
        _service ??= await EsbuildService.StartAsync(EsbuildProgram.Locate(root), cancellation);
        var response = await _service.RequestAsync(Request(modules), Answer, cancellation);
        var diagnostics = new EsbuildMessages(root, sdk).Translate(response);
        var outputs = Items(response, "outputFiles").OfType<Dictionary<string, object?>>().ToList();
        return new Bundle(Output(outputs, ".js"), Output(outputs, ".map"), Inputs(response), diagnostics);
    }

    /// <summary>Ends the bundler's process.</summary>
    public void Dispose() => _service?.Dispose();

    private Dictionary<string, object?> Request(IReadOnlyList<string> modules) => new(StringComparer.Ordinal)
    {
        ["command"] = "build",
        ["key"] = 0,
        ["entries"] = Array.Empty<object?>(),
        ["flags"] = (object?[])
        [
            "--bundle",
            "--format=esm",
            "--platform=browser", // no module of Node's is taken for granted; packages give what they give to browsers
            "--target=esnext",
            "--charset=utf8",
            "--sourcemap=linked",
            "--metafile",
            "--log-level=silent",
            "--log-limit=0",
            $"--sourcefile={BundleEntry.FileName}",
            $"--outfile={Path.Combine(root, Artifacts.ArtifactFiles.Bundle)}", // nothing is written there; paths in the map are relative to it
            "--allow-overwrite",

            // One bundle serves every environment: the variable is read when the application runs.
            "--define:process.env.NODE_ENV=process.env.NODE_ENV",
        ],
        ["write"] = false,
        ["stdinContents"] = Encoding.UTF8.GetBytes(BundleEntry.Generate(modules)),
        ["stdinResolveDir"] = root,
        ["absWorkingDir"] = root,
        ["nodePaths"] = Array.Empty<object?>(),
        ["context"] = false,
        ["plugins"] = (object?[])
        [
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["name"] = "encore-host",
                ["onStart"] = false,
                ["onEnd"] = false,
                ["onResolve"] = (object?[])
                [
                    Callback(ResolveSdk, SdkModules.SpecifierPattern, ""),
                    Callback(ResolveWithinSdk, "^\\.\\.?/", SdkNamespace),
                    Callback(ResolveGenerated, GeneratedModules.SpecifierPattern, ""),
                    Callback(ResolveNode, GeneratedModules.NodePattern, ""),

                    // By itself, the bundler leaves these to whoever runs the bundle.
                    Callback(RefuseUrl, "^(https?:)?//", ""),
                ],
                ["onLoad"] = (object?[])
                [
                    Callback(LoadSdk, ".*", SdkNamespace),
                    Callback(LoadGenerated, ".*", GeneratedModules.Namespace),
                ],
            },
        ],
    };

    private static Dictionary<string, object?> Callback(int id, string filter, string importNamespace) => new(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["filter"] = filter,
        ["namespace"] = importNamespace,
    };

    private IReadOnlyDictionary<string, object?> Answer(Dictionary<string, object?> question) => question["command"] switch
    {
        "on-start" => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = Array.Empty<object?>(),
            ["warnings"] = Array.Empty<object?>(),
        },
        "on-resolve" => Resolve((string)question["path"]!, (string)question["importer"]!, Ids(question)),
        "on-load" when Ids(question).Contains(LoadGenerated) => LoadModule((string)question["path"]!),
        "on-load" => Load((string)question["path"]!),
        _ => NoAnswer, // "ping"
    };

    private IReadOnlyDictionary<string, object?> Resolve(string path, string importer, List<object?> ids)
    {
        if (ids.Contains(RefuseUrl))
        {
            return Failure(RefuseUrl, EsbuildMessages.Unresolved(path));
        }

        if (ids.Contains(ResolveGenerated))
        {
            return Generated(ResolveGenerated, path);
        }

        if (ids.Contains(ResolveNode))
        {
            // Packages are written for all of such a module, and what they miss would show when they run.
            var isPart = !GeneratedModules.IsForPackages(path) && importer.Contains("/node_modules/", StringComparison.Ordinal);
            return isPart ? NoAnswer : Generated(ResolveNode, path);
        }

        if (ids.Contains(ResolveSdk))
        {
            return sdk.Resolve(path) is { } file
                ? SdkFile(ResolveSdk, file)
                : Failure(ResolveSdk, EsbuildMessages.UnknownSdkModule(path));
        }

        var folder = importer[..(importer.LastIndexOf('/') + 1)];
        var resolved = Path.GetFullPath(Path.Combine("/", folder, path))[1..].Replace('\\', '/');
        return SdkFile(ResolveWithinSdk, resolved);
    }

    private static Dictionary<string, object?> SdkFile(int id, string file) => new(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["path"] = file,
        ["namespace"] = SdkNamespace,
        ["sideEffects"] = false,
    };

    private Dictionary<string, object?> LoadModule(string specifier) => new(StringComparer.Ordinal)
    {
        ["id"] = LoadGenerated,
        ["contents"] = GeneratedModules.CodeOf(specifier),
        ["loader"] = "js",
        ["resolveDir"] = root,
    };

    private Dictionary<string, object?> Load(string file)
    {
        try
        {
            return new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["id"] = LoadSdk,
                ["contents"] = WithoutMapComment(File.ReadAllText(Path.Combine(sdk.Folder, file))),
                ["loader"] = "js",
                ["resolveDir"] = sdk.Folder,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failure(LoadSdk, $"The SDK's {file} can't be read: {error.Message}");
        }
    }

    private static Dictionary<string, object?> Generated(int id, string path) => new(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["path"] = path,
        ["namespace"] = GeneratedModules.Namespace,
    };

    /// <summary>The SDK's own maps lie beside its files, where esbuild doesn't look for modules of a namespace.</summary>
    private static byte[] WithoutMapComment(string text)
    {
        var comment = text.LastIndexOf("//# sourceMappingURL=", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(comment < 0 ? text : text[..comment]);
    }

    private static Dictionary<string, object?> Failure(int id, string text) => new(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["errors"] = (object?[])[new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = "",
            ["pluginName"] = "encore-host",
            ["text"] = text,
            ["location"] = null,
            ["notes"] = Array.Empty<object?>(),
            ["detail"] = 0,
        }],
    };

    private List<string> Inputs(Dictionary<string, object?> response)
    {
        var inputs = new List<string>();
        if (response.GetValueOrDefault("metafile") is not byte[] { Length: > 0 } metafile)
        {
            return inputs;
        }

        using var json = JsonDocument.Parse(metafile);
        foreach (var input in json.RootElement.GetProperty("inputs").EnumerateObject())
        {
            if (input.Name != BundleEntry.FileName
                && !input.Name.StartsWith(SdkNamespace + ":", StringComparison.Ordinal)
                && !input.Name.StartsWith(GeneratedModules.Namespace + ":", StringComparison.Ordinal))
            {
                inputs.Add(Path.GetFullPath(Path.Combine(root, input.Name)));
            }
        }

        return inputs;
    }

    private static List<object?> Ids(Dictionary<string, object?> question) => (List<object?>)question["ids"]!;

    private static List<object?> Items(Dictionary<string, object?> members, string name) =>
        members.GetValueOrDefault(name) as List<object?> ?? [];

    private static byte[] Output(List<Dictionary<string, object?>> outputs, string extension) =>
        outputs.Find(output => ((string)output["path"]!).EndsWith(extension, StringComparison.Ordinal))?["contents"] as byte[] ?? [];
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Encore.Host.Compiler;

/// <summary>
/// The SDK's modules as imports name them: <c>encore.dev/api</c> and <c>encore-host/api</c> are the same module of the SDK that came with
/// this program, whichever of the two packages an application has installed.
/// </summary>
internal sealed partial class SdkModules
{
    /// <summary>What the specifiers of SDK modules look like, as a regular expression of Go's and .NET's common subset.</summary>
    public const string SpecifierPattern = "^(encore\\.dev|encore-host)(/.*)?$";

    private readonly Dictionary<string, string> _files;

    private SdkModules(string folder, Dictionary<string, string> files)
    {
        Folder = folder;
        _files = files;
    }

    /// <summary>The package's folder.</summary>
    public string Folder { get; }

    /// <summary>The subpaths an application may import, such as "./api"; sorted.</summary>
    public IEnumerable<string> PublicSubpaths =>
        _files.Keys.Where(subpath => !subpath.StartsWith("./internal/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Reads the package's exports.</summary>
    /// <exception cref="HostFilesException">The package is missing or damaged.</exception>
    public static SdkModules Load(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
            foreach (var export in manifest.RootElement.GetProperty("exports").EnumerateObject())
            {
                if (export.Value.ValueKind == JsonValueKind.Object && export.Value.TryGetProperty("default", out var file))
                {
                    files[export.Name] = (file.GetString() ?? "")["./".Length..];
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            throw new HostFilesException($"The SDK in {folder} can't be read: {error.Message}", "install encore-host again", error);
        }

        return new SdkModules(folder, files);
    }

    /// <summary>Whether an import means a module of the SDK.</summary>
    public static bool IsSdkSpecifier(string specifier) => Specifier().IsMatch(specifier);

    /// <summary>The module's file relative to <see cref="Folder"/>; null where the SDK has no such module.</summary>
    /// <param name="specifier">Matches <see cref="SpecifierPattern"/>.</param>
    public string? Resolve(string specifier)
    {
        var slash = specifier.IndexOf('/', StringComparison.Ordinal);
        var subpath = slash < 0 ? "." : "." + specifier[slash..];
        return _files.GetValueOrDefault(subpath);
    }

    [GeneratedRegex(SpecifierPattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Specifier();
}

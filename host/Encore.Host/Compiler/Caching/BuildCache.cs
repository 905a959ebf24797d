using System.Security.Cryptography;
using System.Text;
using Encore.Host.Artifacts;

namespace Encore.Host.Compiler.Caching;

/// <summary>
/// Earlier builds of an application, in <c>.encore/build/&lt;hash of the inputs&gt;</c> below its root; where that can't be written,
/// in the user's cache folder.
/// </summary>
/// <param name="root">The application's folder.</param>
/// <param name="tool">The identity of this program and what is asked of it.</param>
internal sealed class BuildCache(string root, string tool)
{
    private const string ManifestName = "inputs";

    /// <summary>Builds kept: enough to go back and forth between branches.</summary>
    private const int Kept = 8;

    private readonly string _own = Path.Combine(root, ".encore", "build");
    private readonly string _substitute = Path.Combine(UserCache.Folder, "build", NameOf(root));

    /// <summary>The bundle of the newest build whose inputs are what they were; null where there is none.</summary>
    public string? Find()
    {
        foreach (var folder in (IEnumerable<DirectoryInfo>)[.. Newest(_own), .. Newest(_substitute)])
        {
            var path = Path.Combine(folder.FullName, ManifestName);
            if (ReadManifest(path) is { } manifest && manifest.Holds(tool, out var touched) && IsComplete(folder))
            {
                if (touched)
                {
                    TryWrite(path, manifest.Restamped().Format());
                }

                return Path.Combine(folder.FullName, ArtifactFiles.Bundle);
            }
        }

        return null;
    }

    /// <summary>Keeps a build.</summary>
    /// <returns>Its bundle's path.</returns>
    public string Store(BuildOutput output)
    {
        var manifest = new BuildManifest(
            tool,
            [.. output.Inputs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(FileStamp.Of).OfType<FileStamp>()],
            [.. output.Folders.Select(folder => (folder, FolderListing.HashOf(folder)))],

            // The compiler looks for types: a package's script may be there and be none to it, which is no reason to build again.
            [.. output.Missing.Where(path => !Path.Exists(path)).Order(StringComparer.Ordinal)]);
        try
        {
            var bundle = Store(output, manifest, _own);
            IgnoreInGit();
            return bundle;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Store(output, manifest, _substitute);
        }
    }

    private static string NameOf(string root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..32];

    private string Store(BuildOutput output, BuildManifest manifest, string folder)
    {
        var target = Path.Combine(folder, manifest.ContentHash(root));
        output.WriteTo(target);
        WriteWhole(Path.Combine(target, ManifestName), manifest.Format());
        foreach (var old in Newest(folder).Skip(Kept))
        {
            Delete(old);
        }

        return Path.Combine(target, ArtifactFiles.Bundle);
    }

    private static bool IsComplete(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, ArtifactFiles.Bundle)) && File.Exists(Path.Combine(folder.FullName, ArtifactFiles.Schema));

    private static BuildManifest? ReadManifest(string path)
    {
        try
        {
            return File.Exists(path) ? BuildManifest.Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void WriteWhole(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private static void TryWrite(string path, string text)
    {
        try
        {
            WriteWhole(path, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Justification: the build is usable all the same, only recognised more slowly.
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Justification: another process may be starting from it; a build too many does no harm.
        }
    }

    private static List<DirectoryInfo> Newest(string path)
    {
        var folder = new DirectoryInfo(path);
        return folder.Exists
            ? [.. folder.GetDirectories().OrderByDescending(build => File.GetLastWriteTimeUtc(Path.Combine(build.FullName, ManifestName)))]
            : [];
    }

    private void IgnoreInGit()
    {
        var file = Path.Combine(root, ".encore", ".gitignore");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, "*\n");
        }
    }
}

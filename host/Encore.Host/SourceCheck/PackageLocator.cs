using System.Text.Json;

namespace Encore.Host.SourceCheck;

/// <summary>Finds npm packages as Node does: in the node_modules folders from the importer's folder upwards.</summary>
public static class PackageLocator
{
    /// <summary>The package's folder; null where it isn't installed.</summary>
    public static string? Find(string package, string importerFolder)
    {
        for (var folder = new DirectoryInfo(importerFolder); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "node_modules", package);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Whether the package is built from native code: a binding.gyp, "gypfile", or an entry point that ends in <c>.node</c>.</summary>
    public static bool IsNativeAddon(string packageFolder)
    {
        if (File.Exists(Path.Combine(packageFolder, "binding.gyp")))
        {
            return true;
        }

        try
        {
            var path = Path.Combine(packageFolder, "package.json");
            if (!File.Exists(path))
            {
                return false;
            }

            using var manifest = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = manifest.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && ((root.TryGetProperty("gypfile", out var gypfile) && gypfile.ValueKind == JsonValueKind.True)
                    || (root.TryGetProperty("main", out var main)
                        && main.ValueKind == JsonValueKind.String
                        && main.GetString() is { } entry
                        && entry.EndsWith(".node", StringComparison.Ordinal)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }
}

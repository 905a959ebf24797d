using System.Security.Cryptography;
using System.Text;

namespace Encore.Host.Compiler.Caching;

/// <summary>A fingerprint of what lies in a folder, as far as it decides what belongs to an application.</summary>
internal static class FolderListing
{
    /// <summary>
    /// SHA-256 over the names of the source files and folders in it, in hex; "" where it can't be listed. What tools put there
    /// (node_modules, dist, names with a dot in front) doesn't count.
    /// </summary>
    public static string HashOf(string folder)
    {
        try
        {
            var names = new List<string>();
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo ? entry.Name is not ("node_modules" or "dist") && !entry.Name.StartsWith('.') : IsCounted(entry.Name))
                {
                    names.Add(entry is DirectoryInfo ? entry.Name + "/" : entry.Name);
                }
            }

            names.Sort(StringComparer.Ordinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsCounted(string name) =>
        ApplicationSource.IsSourceFile(name) || name.EndsWith(".d.ts", StringComparison.Ordinal) || name is "package.json" or "tsconfig.json" or "encore.app";
}

namespace Encore.Host.Compiler.Extraction;

/// <summary>Resolves the links in a path, folders included: npm workspaces and pnpm link packages.</summary>
internal static class LinkResolver
{
    private const int MaxLinks = 40;

    /// <summary>The path without links; the path itself where that fails.</summary>
    public static string Resolve(string path)
    {
        try
        {
            return Resolve(path, MaxLinks);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static string Resolve(string path, int linksLeft)
    {
        var root = Path.GetPathRoot(path) ?? "/";
        var resolved = root;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var index = 0; index < parts.Length; index++)
        {
            resolved = Path.Combine(resolved, parts[index]);
            if (new FileInfo(resolved).LinkTarget is { } target)
            {
                if (linksLeft == 0)
                {
                    throw new IOException($"{path} has too many links.");
                }

                var rest = Path.Combine([Path.GetDirectoryName(resolved) ?? root, target, .. parts[(index + 1)..]]);
                return Resolve(Path.GetFullPath(rest), linksLeft - 1);
            }
        }

        return resolved;
    }
}

using Encore.Host.Artifacts;

namespace Encore.Host.Compiler;

/// <summary>What to build: a folder, or one file and what it imports.</summary>
/// <param name="Root">The application's folder, absolute; names in the artifact are relative to it.</param>
/// <param name="Entry">The file to start from, absolute; null takes everything in the folder.</param>
public sealed record ApplicationSource(string Root, string? Entry)
{
    private static readonly string[] RootMarkers = ["encore.app", "package.json"];
    private static readonly string[] SourceExtensions = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

    /// <summary>Whether a file's name says that it holds JavaScript or TypeScript.</summary>
    public static bool IsSourceFile(string path) =>
        SourceExtensions.Contains(Path.GetExtension(path), StringComparer.Ordinal) && !path.EndsWith(".d.ts", StringComparison.Ordinal);

    /// <summary>
    /// The source that a path on the command line means. A folder is an application. A file is one with what it imports, its root
    /// the nearest folder upwards with an encore.app or package.json, else the file's own.
    /// </summary>
    /// <exception cref="SourceNotFoundException">There is no such file or folder, or it isn't a source file.</exception>
    public static ApplicationSource From(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full))
        {
            return new ApplicationSource(full, Entry: null);
        }

        if (!File.Exists(full))
        {
            throw new SourceNotFoundException($"There is no file or folder {path}.");
        }

        return IsSourceFile(full)
            ? new ApplicationSource(RootOf(full), full)
            : throw new SourceNotFoundException($"{path} is neither a folder nor a source file ({string.Join(", ", SourceExtensions)}).");
    }

    /// <summary>The bundle that a path names, when what a build made lies there; null where it has to be built first.</summary>
    public static string? BuiltBundle(string path)
    {
        var bundle = Directory.Exists(path) ? Path.Combine(path, ArtifactFiles.Bundle) : path;
        return Path.GetExtension(bundle) == ".js" && ApplicationLoader.IsBuilt(bundle) ? bundle : null;
    }

    private static string RootOf(string file)
    {
        var own = Path.GetDirectoryName(file) ?? "/";
        for (var folder = new DirectoryInfo(own); folder is not null; folder = folder.Parent)
        {
            if (RootMarkers.Any(marker => File.Exists(Path.Combine(folder.FullName, marker))))
            {
                return folder.FullName;
            }
        }

        return own;
    }
}

/// <summary>A path on the command line that leads nowhere.</summary>
public sealed class SourceNotFoundException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SourceNotFoundException(string message)
        : base(message)
    {
    }
}

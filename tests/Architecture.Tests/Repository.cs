namespace Architecture.Tests;

/// <summary>The repository's files, as far as people write them.</summary>
internal static class Repository
{
    private static readonly HashSet<string> MadeFolders =
        [".git", "node_modules", "bin", "obj", "dist", "build", "generated", "artifacts", "TestResults", ".encore"];

    /// <summary>The root's full path.</summary>
    public static string Root { get; } = Find();

    /// <summary>Reads a file.</summary>
    /// <param name="path">Relative to the root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The written files with one of the extensions, relative to the root with '/' between parts; sorted.</summary>
    public static IEnumerable<string> Files(params string[] extensions) =>
        Under(new DirectoryInfo(Root))
            .Where(file => extensions.Contains(file.Extension))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<FileInfo> Under(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(
            folder.EnumerateDirectories().Where(child => !MadeFolders.Contains(child.Name) && child.LinkTarget is null).SelectMany(Under));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bridge.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}

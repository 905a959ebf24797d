using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Encore.Host.Compiler.Caching;

/// <summary>Everything a build depended on, kept beside what it made.</summary>
/// <param name="Tool">The identity of program, compiler, SDK and bundler, and what was asked of them.</param>
/// <param name="Files">The files read.</param>
/// <param name="Folders">Folders whose content decided what belongs to the application, with their <see cref="FolderListing"/>.</param>
/// <param name="Missing">Paths that were looked for and not there.</param>
internal sealed record BuildManifest(
    string Tool,
    IReadOnlyList<FileStamp> Files,
    IReadOnlyList<(string Path, string Hash)> Folders,
    IReadOnlyList<string> Missing)
{
    private const string FileLine = "file";
    private const string FolderLine = "folder";
    private const string MissingLine = "missing";

    /// <summary>The name of the build: a hash over contents, not over times.</summary>
    public string ContentHash(string root)
    {
        var text = new StringBuilder(Tool).Append('\n');
        foreach (var file in Files)
        {
            text.Append(Path.GetRelativePath(root, file.Path)).Append('\t').Append(file.Hash).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
    }

    /// <summary>Whether a build now would read the same.</summary>
    /// <param name="tool">The identity of this program and what is asked of it now.</param>
    /// <param name="touched">Whether some file has another time but the same content: the manifest is worth writing anew.</param>
    public bool Holds(string tool, out bool touched)
    {
        touched = false;
        if (tool != Tool)
        {
            return false;
        }

        foreach (var file in Files)
        {
            var state = file.Compare();
            if (state == FileState.Changed)
            {
                return false;
            }

            touched |= state == FileState.Touched;
        }

        return Folders.All(folder => FolderListing.HashOf(folder.Path) == folder.Hash) && !Missing.Any(Path.Exists);
    }

    /// <summary>The same manifest with the files' present times.</summary>
    public BuildManifest Restamped() => this with { Files = [.. Files.Select(file => FileStamp.Of(file.Path) ?? file)] };

    /// <summary>As text: the tool in the first line, then one fact a line, its parts separated by tabs, the path last.</summary>
    public string Format()
    {
        var text = new StringBuilder(Tool).Append('\n');
        foreach (var file in Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{FileLine}\t{file.Size}\t{file.ModifiedTicks}\t{file.Hash}\t{file.Path}\n");
        }

        foreach (var (path, hash) in Folders)
        {
            text.Append(CultureInfo.InvariantCulture, $"{FolderLine}\t{hash}\t{path}\n");
        }

        foreach (var path in Missing)
        {
            text.Append(CultureInfo.InvariantCulture, $"{MissingLine}\t{path}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads <see cref="Format"/>'s text; null where it isn't that.</summary>
    public static BuildManifest? Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return null;
        }

        var files = new List<FileStamp>();
        var folders = new List<(string, string)>();
        var missing = new List<string>();
        foreach (var line in lines.AsSpan(1))
        {
            switch (line.Split('\t', 5))
            {
                case [FileLine, var size, var ticks, var hash, var path]
                    when long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                    && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var modified):
                    files.Add(new FileStamp(path, bytes, modified, hash));
                    break;
                case [FolderLine, var listing, var path]:
                    folders.Add((path, listing));
                    break;
                case [MissingLine, var path]:
                    missing.Add(path);
                    break;
                default:
                    return null;
            }
        }

        return new BuildManifest(lines[0], files, folders, missing);
    }
}

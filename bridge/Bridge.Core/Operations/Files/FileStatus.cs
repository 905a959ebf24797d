using System.Text.Json.Nodes;

namespace Bridge.Core.Operations.Files;

/// <summary>What is known of a file, a folder or a link.</summary>
internal static class FileStatus
{
    // https://man7.org/linux/man-pages/man7/inode.7.html
    private const int FileBits = 0x8000;
    private const int FolderBits = 0x4000;
    private const int LinkBits = 0xA000;
    private const int DefaultPermissions = 0x1A4; // rw-r--r--, where the system has no such thing

    /// <summary><c>{"kind","mode","size","atimeMs","mtimeMs","ctimeMs","birthtimeMs"}</c>; times in milliseconds since 1970.</summary>
    /// <param name="path">What is looked at.</param>
    /// <param name="follows">Whether a link stands for what it leads to.</param>
    internal static OperationOutcome Describe(string path, bool follows)
    {
        var entry = Find(path, follows);
        var kind = entry.LinkTarget is not null ? "link" : KindOf(entry.Attributes);
        var permissions = OperatingSystem.IsWindows() ? DefaultPermissions : (int)entry.UnixFileMode;
        return new OperationOutcome(new JsonObject
        {
            ["kind"] = kind,
            ["mode"] = permissions | (kind switch { "directory" => FolderBits, "link" => LinkBits, _ => FileBits }),
            ["size"] = entry is FileInfo file ? file.Length : 0,
            ["atimeMs"] = Milliseconds(entry.LastAccessTimeUtc),
            ["mtimeMs"] = Milliseconds(entry.LastWriteTimeUtc),
            ["ctimeMs"] = Milliseconds(entry.LastWriteTimeUtc),
            ["birthtimeMs"] = Milliseconds(entry.CreationTimeUtc),
        }.ToJsonString());
    }

    /// <summary>What is there, or what it leads to.</summary>
    /// <exception cref="IOException">There is nothing, or links lead in a circle.</exception>
    internal static FileSystemInfo Find(string path, bool follows)
    {
        var entry = InfoOf(path);
        if (!IsThere(path))
        {
            throw new FileNotFoundException(path);
        }

        if (path.EndsWith('/') && !Directory.Exists(path))
        {
            throw FileFailure.NotFolder(follows ? "stat" : "lstat", path);
        }

        return !follows || entry.LinkTarget is null ? entry
            : entry.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? target
            : throw new FileNotFoundException(path);
    }

    /// <summary>"file", "directory" or "link".</summary>
    internal static string KindOf(FileAttributes attributes) =>
        attributes.HasFlag(FileAttributes.ReparsePoint) ? "link" : attributes.HasFlag(FileAttributes.Directory) ? "directory" : "file";

    /// <summary>Whether there is something, be it a link that leads nowhere.</summary>
    internal static bool IsThere(string path) => Path.Exists(path) || InfoOf(path).LinkTarget is not null;

    /// <summary>Whether it is a folder and not a link to one.</summary>
    internal static bool IsFolder(string path) => Directory.Exists(path) && InfoOf(path).LinkTarget is null;

    private static FileSystemInfo InfoOf(string path)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(path);
        return Directory.Exists(trimmed) ? new DirectoryInfo(trimmed) : new FileInfo(trimmed);
    }

    private static double Milliseconds(DateTime time) => (time - DateTime.UnixEpoch).TotalMilliseconds;
}

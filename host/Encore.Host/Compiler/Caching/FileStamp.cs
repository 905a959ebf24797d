using System.Security.Cryptography;

namespace Encore.Host.Compiler.Caching;

/// <summary>What a file was when it was read: its content's hash, and size and time, by which most unchanged files are known without reading.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedTicks">Last write, UTC ticks.</param>
/// <param name="Hash">SHA-256 of the content, lower-case hex.</param>
internal sealed record FileStamp(string Path, long Size, long ModifiedTicks, string Hash)
{
    /// <summary>Stamps a file; null where it can't be read.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            var info = new FileInfo(path);
            return new FileStamp(path, info.Length, info.LastWriteTimeUtc.Ticks, HashOf(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the file still has that content.</summary>
    public FileState Compare()
    {
        try
        {
            var info = new FileInfo(Path);
            if (!info.Exists || info.Length != Size)
            {
                return FileState.Changed;
            }

            if (info.LastWriteTimeUtc.Ticks == ModifiedTicks)
            {
                return FileState.Untouched;
            }

            return HashOf(Path) == Hash ? FileState.Touched : FileState.Changed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FileState.Changed;
        }
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>What became of a stamped file.</summary>
internal enum FileState
{
    /// <summary>Size and time are as they were.</summary>
    Untouched,

    /// <summary>The time is another, the content isn't.</summary>
    Touched,

    /// <summary>The content is another, or the file is gone.</summary>
    Changed,
}

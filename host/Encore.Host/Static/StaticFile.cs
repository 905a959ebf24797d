using System.Globalization;

namespace Encore.Host.Static;

/// <summary>A file as it was when it was last looked at, and what is said of it. Immutable. Thread: any.</summary>
internal sealed class StaticFile
{
    private StaticFile(string path, FileInfo info, string? encoding, byte[]? content)
    {
        Path = path;
        Length = info.Length;
        Modified = new DateTimeOffset(info.LastWriteTimeUtc);

        // HTTP's dates have whole seconds (RFC 9110, section 5.6.7); the tag tells versions within one apart.
        LastModified = DateTimeOffset.FromUnixTimeSeconds(Modified.ToUnixTimeSeconds());
        LastModifiedText = LastModified.ToString("R", CultureInfo.InvariantCulture);
        Encoding = encoding;
        var suffix = encoding is null ? "" : "-" + encoding;
        Tag = string.Create(CultureInfo.InvariantCulture, $"\"{Modified.Ticks:x}-{Length:x}{suffix}\"");
        LengthText = Length.ToString(CultureInfo.InvariantCulture);
        Content = content;
    }

    /// <summary>Where it is, every link followed.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>The same, as the Content-Length header writes it.</summary>
    public string LengthText { get; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset Modified { get; }

    /// <summary>The same, in whole seconds.</summary>
    public DateTimeOffset LastModified { get; }

    /// <summary>The same, as headers write it.</summary>
    public string LastModifiedText { get; }

    /// <summary>Its entity tag, a strong one: it follows from the time of its last change and its length.</summary>
    public string Tag { get; }

    /// <summary>The Content-Encoding that it has; null for the file itself.</summary>
    public string? Encoding { get; }

    /// <summary>Its bytes, of a small file; null for one that is read for each request.</summary>
    public byte[]? Content { get; }

    /// <summary>Looks at a file.</summary>
    /// <param name="path">Where it is, every link followed.</param>
    /// <param name="encoding">The Content-Encoding that it has; null for the file itself.</param>
    /// <param name="mayKeep">Whether as many bytes may be held in memory.</param>
    /// <returns>Null where there is no such file, or it can't be read.</returns>
    public static StaticFile? TryOpen(string path, string? encoding, Func<long, bool> mayKeep)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                return null;
            }

            var content = info.Length == 0 ? [] : mayKeep(info.Length) ? File.ReadAllBytes(path) : null;
            return content is null || content.Length == info.Length ? new StaticFile(path, info, encoding, content) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the file is still what it was.</summary>
    public bool IsUnchanged()
    {
        var info = new FileInfo(Path);
        return info.Exists && info.Length == Length && info.LastWriteTimeUtc.Ticks == Modified.Ticks;
    }
}

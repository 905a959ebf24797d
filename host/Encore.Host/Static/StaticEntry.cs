namespace Encore.Host.Static;

/// <summary>What a path of a folder leads to: a file with its compressed siblings, or the way to a folder's page.</summary>
/// <remarks>Read-only but for the time of the last look. Thread: any.</remarks>
internal sealed class StaticEntry
{
    // A change is seen after that at the latest; until then a request costs no system call but those of its answer.
    private const long TrustedMilliseconds = 1000;

    private static readonly (string Extension, string Encoding)[] Siblings = [(".br", "br"), (".zst", "zstd"), (".gz", "gzip")];

    private long _looked = Environment.TickCount64;

    private StaticEntry(StaticFile? file, StaticFile?[] variants, string contentType)
    {
        File = file;
        Variants = variants;
        ContentType = contentType;
        HasVariants = Array.Exists(variants, variant => variant is not null);
    }

    /// <summary>A folder with an index page, asked for without the slash at its end.</summary>
    public static StaticEntry FolderWithoutSlash { get; } = new(null, [], "");

    /// <summary>The file; null for <see cref="FolderWithoutSlash"/>.</summary>
    public StaticFile? File { get; }

    /// <summary>Brotli, Zstandard and gzip forms of the file, each null where there is none.</summary>
    public StaticFile?[] Variants { get; }

    /// <summary>Whether there is any of those.</summary>
    public bool HasVariants { get; }

    /// <summary>The file's type.</summary>
    public string ContentType { get; }

    /// <summary>Looks at a file and its siblings.</summary>
    /// <param name="path">Where it is, every link followed.</param>
    /// <param name="folder">The folder that nothing may be outside of.</param>
    /// <param name="mayKeep">Whether as many bytes may be held in memory.</param>
    public static StaticEntry? TryOpen(string path, string folder, Func<long, bool> mayKeep)
    {
        if (StaticFile.TryOpen(path, encoding: null, mayKeep) is not { } file)
        {
            return null;
        }

        var variants = Siblings.Select(sibling =>
            StaticPath.Resolve(path + sibling.Extension) is { } variant && StaticPath.IsWithin(variant, folder)
                ? StaticFile.TryOpen(variant, sibling.Encoding, mayKeep)
                : null);
        return new StaticEntry(file, [.. variants], ContentTypes.Of(path));
    }

    /// <summary>Whether the entry may be used as it is.</summary>
    public bool IsFresh()
    {
        var now = Environment.TickCount64;
        if (now - Volatile.Read(ref _looked) < TrustedMilliseconds)
        {
            return true;
        }

        if (File is null || !File.IsUnchanged() || Array.Exists(Variants, variant => variant?.IsUnchanged() == false))
        {
            return false;
        }

        Volatile.Write(ref _looked, now);
        return true;
    }
}

using System.Collections.Concurrent;

namespace Encore.Host.Static;

/// <summary>A folder of files, and what is known of those that were asked for.</summary>
/// <remarks>
/// A request for a file that is known costs a look-up by the path as the client wrote it, and a look at the file at most once a second. What
/// isn't a file isn't kept, and of spellings and files only so many, so that clients can't fill the memory. Thread: any.
/// </remarks>
internal sealed class StaticFolder
{
    private const int MostEntries = 8192;
    private const long LargestKept = 128 * 1024;
    private const long MostKept = 64L * 1024 * 1024;
    private const string Index = "index.html";

    private readonly ConcurrentDictionary<string, StaticEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StaticEntry>.AlternateLookup<ReadOnlySpan<char>> _byPath;
    private readonly string _folder;
    private long _kept;

    /// <param name="folder">The folder, every link followed.</param>
    public StaticFolder(string folder)
    {
        _folder = folder;
        _byPath = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds what a path leads to.</summary>
    /// <param name="encoded">The path below the folder as the client wrote it; "" for the folder itself.</param>
    /// <param name="isFolder">Whether "" stands for the folder's page as it is, rather than for a path that lacks its slash.</param>
    /// <returns>Null where there is no such file, or none that may be served.</returns>
    public StaticEntry? Find(ReadOnlySpan<char> encoded, bool isFolder)
    {
        if (encoded.IsEmpty && isFolder)
        {
            encoded = "/";
        }

        if (_byPath.TryGetValue(encoded, out var known) && known.IsFresh())
        {
            return known;
        }

        var path = encoded is "/" ? "/" : StaticPath.Decode(encoded);
        var entry = path is null ? null : Open(path);
        Forget(encoded, known);
        if (entry?.File is not null && _entries.Count < MostEntries)
        {
            _entries[encoded.ToString()] = entry;
        }

        return entry;
    }

    private StaticEntry? Open(string path)
    {
        var full = Path.Combine(_folder, path.TrimEnd('/'));
        if (StaticPath.Resolve(full) is not { } resolved || !StaticPath.IsWithin(resolved, _folder))
        {
            return null;
        }

        if (!Directory.Exists(resolved))
        {
            return path.EndsWith('/') ? null : StaticEntry.TryOpen(resolved, _folder, MayKeep);
        }

        var index = StaticPath.Resolve(Path.Combine(resolved, Index));
        return index is null || !StaticPath.IsWithin(index, _folder) || !File.Exists(index) ? null
            : path.EndsWith('/') ? StaticEntry.TryOpen(index, _folder, MayKeep)
            : StaticEntry.FolderWithoutSlash;
    }

    private bool MayKeep(long length)
    {
        if (length > LargestKept || Interlocked.Read(ref _kept) + length > MostKept)
        {
            return false;
        }

        Interlocked.Add(ref _kept, length);
        return true;
    }

    private void Forget(ReadOnlySpan<char> encoded, StaticEntry? known)
    {
        if (known is null || !_byPath.TryRemove(encoded, out _))
        {
            return;
        }

        foreach (var file in known.Variants.Append(known.File))
        {
            Interlocked.Add(ref _kept, -(file?.Content?.Length ?? 0));
        }
    }
}

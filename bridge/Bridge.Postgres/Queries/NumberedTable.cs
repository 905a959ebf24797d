using System.Collections.Concurrent;

namespace Bridge.Postgres.Queries;

/// <summary>Things that scripts know by number. Thread: any.</summary>
internal class NumberedTable<T>
    where T : class
{
    private readonly ConcurrentDictionary<int, T> _entries = new();
    private int _lastId;

    /// <summary>All there are.</summary>
    protected IEnumerable<T> All => _entries.Values;

    /// <summary>Adds one.</summary>
    internal int Add(T entry)
    {
        var id = Interlocked.Increment(ref _lastId);
        _entries[id] = entry;
        return id;
    }

    /// <summary>The one of that number; null for none.</summary>
    internal T? Find(int id) => _entries.GetValueOrDefault(id);

    /// <summary>Takes one out.</summary>
    internal T? Remove(int id) => _entries.TryRemove(id, out var entry) ? entry : null;
}

/// <summary>Cursors by number.</summary>
internal sealed class CursorTable : NumberedTable<Cursor>, IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var cursor in All)
        {
            await cursor.CloseAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>COPYs by number.</summary>
internal sealed class CopyTable : NumberedTable<CopyIn>, IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var copy in All)
        {
            await copy.AbortAsync().ConfigureAwait(false);
        }
    }
}

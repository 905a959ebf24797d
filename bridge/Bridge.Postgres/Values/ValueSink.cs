using Bridge.Core.Buffers;

namespace Bridge.Postgres.Values;

/// <summary>What rows are written to: their JSON, and the bytes that it refers to.</summary>
/// <remarks>Ownership: whoever makes it disposes of it. Thread: one at a time.</remarks>
/// <param name="capacity">Bytes of JSON expected; it grows beyond.</param>
internal sealed class ValueSink(int capacity = ValueSink.InitialBytes) : IDisposable
{
    private const int InitialBytes = 4096;

    private PooledBuffer? _bytes;

    /// <summary>The JSON so far.</summary>
    internal PooledBuffer Json { get; } = new(capacity);

    /// <summary>Where bytes go.</summary>
    internal PooledBuffer Bytes => _bytes ??= new PooledBuffer();

    /// <summary>Bytes written to both.</summary>
    internal int Length => Json.Length + (_bytes?.Length ?? 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        Json.Dispose();
        _bytes?.Dispose();
    }

    /// <summary>A copy of the bytes; null for none.</summary>
    internal byte[]? TakeBytes() => _bytes is { Length: > 0 } ? _bytes.Written.ToArray() : null;

    /// <summary>Forgets what was written.</summary>
    internal void Clear()
    {
        Json.Truncate(0);
        _bytes?.Truncate(0);
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace Bridge.Core.Buffers;

/// <summary>
/// A growing buffer of bytes on pooled arrays: the unit in which payloads travel between request threads and the isolate.
/// </summary>
/// <remarks>
/// Ownership: whoever holds the buffer returns it with <see cref="Dispose"/>, exactly once; spans and memory taken from it end with that.
/// Thread: one at a time.
/// </remarks>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialBytes = 512;

    private byte[] _bytes;

    /// <summary>Rents an empty buffer.</summary>
    /// <param name="capacity">Bytes expected; it grows beyond.</param>
    public PooledBuffer(int capacity = InitialBytes) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 16));

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written, for code that awaits.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length));
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void Write(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    /// <summary>Replaces four bytes that were written by a number, big-endian: a length that is known only now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There aren't four.</exception>
    public void Overwrite(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(0, Length)[at..], value);

    /// <summary>Forgets what was written after <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than that was written.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Returns the bytes to the pool.</summary>
    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Reserve(int sizeHint)
    {
        if (_bytes.Length - Length >= Math.Max(sizeHint, 1))
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent(checked(Math.Max(Length * 2, Length + Math.Max(sizeHint, InitialBytes))));
        _bytes.AsSpan(0, Length).CopyTo(grown);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = grown;
    }
}

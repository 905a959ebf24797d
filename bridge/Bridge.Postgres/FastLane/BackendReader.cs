using System.Buffers;
using System.Buffers.Binary;

namespace Bridge.Postgres.FastLane;

/// <summary>Cuts what a server sends into messages. https://www.postgresql.org/docs/current/protocol-message-formats.html</summary>
/// <remarks>Thread: one.</remarks>
internal sealed class BackendReader(Stream stream) : IDisposable
{
    // A type's byte and four of length.
    private const int HeaderBytes = 5;
    private const int InitialBytes = 32 * 1024;

    // Beyond this a buffer that one large row needed isn't kept.
    private const int KeptBytes = 1024 * 1024;

    // PostgreSQL's own limit of a value, and so of a row.
    private const int MaxBytes = 1 << 30;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _start;
    private int _end;

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    internal void Fill()
    {
        MakeRoom();
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        if (read == 0)
        {
            throw new EndOfStreamException("the server closed the connection");
        }

        _end += read;
    }

    /// <summary>Takes the next message, if all of it is there.</summary>
    /// <param name="type">Its type's letter.</param>
    /// <param name="body">What follows its length: valid until the next <see cref="Fill"/>.</param>
    /// <exception cref="InvalidDataException">No message is like that.</exception>
    internal bool TryRead(out byte type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        var available = _end - _start;
        if (available < HeaderBytes)
        {
            return false;
        }

        var length = LengthAt(_start);
        if (available <= length)
        {
            return false;
        }

        type = _buffer[_start];
        body = _buffer.AsSpan(_start + HeaderBytes, length + 1 - HeaderBytes);
        _start += length + 1;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private int LengthAt(int start)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(start + 1));
        return length is >= HeaderBytes - 1 and <= MaxBytes ? length : throw new InvalidDataException($"a message of {length} bytes");
    }

    private void MakeRoom()
    {
        var kept = _end - _start;
        var needed = kept >= HeaderBytes ? Math.Max(InitialBytes, LengthAt(_start) + 1) : InitialBytes;
        if (needed > _buffer.Length || (_buffer.Length > KeptBytes && needed <= KeptBytes))
        {
            var other = ArrayPool<byte>.Shared.Rent(needed);
            _buffer.AsSpan(_start, kept).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        _start = 0;
        _end = kept;
    }
}

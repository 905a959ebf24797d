namespace Bridge.Nsq.Compression;

/// <summary>A connection in Snappy's framing format: chunks of up to 64 KiB, each with a checksum.</summary>
/// <remarks>
/// Snappier compresses and decompresses what is in a chunk; its own stream can't be used: it fails where the first bytes of a chunk come one
/// by one, as they may over a network.
/// </remarks>
/// <param name="transport">The connection; ends with this.</param>
internal sealed class SnappyTransport(Stream transport) : CompressedStream(transport, "snappy")
{
    private readonly byte[] _received = new byte[SnappyChunk.MaxSize];
    private readonly byte[] _decoded = new byte[SnappyChunk.MaxContent];
    private readonly byte[] _sending = new byte[SnappyChunk.Identifier.Length + SnappyChunk.MaxSize];

    // What has come and isn't looked at yet is in _received between these; what is decoded and isn't given yet in _decoded.
    private int _receivedStart;
    private int _receivedEnd;
    private int _decodedStart;
    private int _decodedEnd;
    private bool _isIdentified;
    private bool _hasIdentified;

    /// <inheritdoc/>
    protected override async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (_decodedStart == _decodedEnd)
        {
            if (!await FillAsync(SnappyChunk.HeaderSize, cancellation))
            {
                return 0;
            }

            var (type, length) = SnappyChunk.ReadHeader(Take(SnappyChunk.HeaderSize));
            await DecodeChunkAsync(type, length, cancellation);
        }

        var count = Math.Min(buffer.Length, _decodedEnd - _decodedStart);
        _decoded.AsSpan(_decodedStart, count).CopyTo(buffer.Span);
        _decodedStart += count;
        return count;
    }

    /// <inheritdoc/>
    protected override async ValueTask EncodeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            var start = 0;
            if (!_hasIdentified)
            {
                SnappyChunk.Identifier.CopyTo(_sending);
                start = SnappyChunk.Identifier.Length;
                _hasIdentified = true;
            }

            var content = bytes[..Math.Min(bytes.Length, SnappyChunk.MaxContent)];
            var size = SnappyChunk.Write(content.Span, _sending.AsSpan(start));
            await Transport.WriteAsync(_sending.AsMemory(0, start + size), cancellation);
            bytes = bytes[content.Length..];
        }
    }

    /// <inheritdoc/>
    protected override Task EndBatchAsync(CancellationToken cancellation) => Transport.FlushAsync(cancellation);

    private async ValueTask DecodeChunkAsync(byte type, int length, CancellationToken cancellation)
    {
        if (!_isIdentified && type != SnappyChunk.IdentifierType)
        {
            throw new InvalidDataException("it doesn't begin with the format's name");
        }

        if (SnappyChunk.IsSkippable(type))
        {
            while (length > 0)
            {
                await NeedAsync(1, cancellation);
                length -= Take(Math.Min(length, _receivedEnd - _receivedStart)).Length;
            }

            return;
        }

        if (length > SnappyChunk.MaxSize - SnappyChunk.HeaderSize)
        {
            throw new InvalidDataException($"a chunk has {length} bytes");
        }

        await NeedAsync(length, cancellation);
        _decodedEnd = SnappyChunk.Read(type, Take(length), _decoded);
        _decodedStart = 0;
        _isIdentified = true;
    }

    /// <summary>Has at least so many bytes in <see cref="_received"/>.</summary>
    /// <returns>False where the connection has ended and none are left.</returns>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        var there = _receivedEnd - _receivedStart;
        if (there < count)
        {
            _received.AsSpan(_receivedStart, there).CopyTo(_received);
            (_receivedStart, _receivedEnd) = (0, there);
            _receivedEnd += await Transport.ReadAtLeastAsync(_received.AsMemory(there), count - there, throwOnEndOfStream: false, cancellation);
        }

        return _receivedEnd - _receivedStart >= count || (_receivedEnd == 0 ? false : throw EndedWithin());
    }

    private async ValueTask NeedAsync(int count, CancellationToken cancellation)
    {
        if (!await FillAsync(count, cancellation))
        {
            throw EndedWithin();
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        _receivedStart += count;
        return _received.AsSpan(_receivedStart - count, count);
    }

    private static EndOfStreamException EndedWithin() => new("the connection ended within a chunk");
}

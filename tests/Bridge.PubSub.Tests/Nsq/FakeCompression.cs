using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Snappier;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>nsqd's side of a connection that is compressed. Flushed, it has sent all that was written.</summary>
internal sealed class FakeCompression : Stream
{
    private readonly Stream _transport;
    private readonly Stream _encoder;
    private readonly Func<Memory<byte>, ValueTask<int>> _decode;

    private FakeCompression(Stream transport, Stream encoder, Func<Memory<byte>, ValueTask<int>> decode)
    {
        _transport = transport;
        _encoder = encoder;
        _decode = decode;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static FakeCompression Deflate(Stream transport, int level)
    {
        var decoder = new DeflateStream(transport, CompressionMode.Decompress, leaveOpen: true);
        var encoder = new DeflateStream(transport, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
        return new(transport, encoder, buffer => decoder.ReadAsync(buffer));
    }

    public static FakeCompression Snappy(Stream transport) =>
        new(transport, new SnappyStream(transport, CompressionMode.Compress, leaveOpen: true), new FakeSnappyReader(transport).ReadAsync);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _decode(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _encoder.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _encoder.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // What compresses has no more to say on a connection that has ended.
    protected override void Dispose(bool disposing)
    {
        _transport.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Reads Snappy's framing format the slow way, by its specification alone.</summary>
internal sealed class FakeSnappyReader(Stream transport)
{
    private ReadOnlyMemory<byte> _rest;
    private bool _isIdentified;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            var header = new byte[4];
            if (await transport.ReadAtLeastAsync(header, 4, throwOnEndOfStream: false) == 0)
            {
                return 0;
            }

            var chunk = new byte[header[1] | (header[2] << 8) | (header[3] << 16)];
            await transport.ReadExactlyAsync(chunk);
            _rest = Decode(header[0], chunk);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <summary>CRC-32C bit by bit.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82f63b78;
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private byte[] Decode(byte type, byte[] chunk)
    {
        if (type == 0xff)
        {
            Assert.Equal("sNaPpY", Encoding.ASCII.GetString(chunk));
            _isIdentified = true;
            return [];
        }

        Assert.True(_isIdentified);
        Assert.InRange(type, 0, 1);
        var content = type == 0 ? Snappy.DecompressToArray(chunk.AsSpan(4)) : chunk[4..];
        Assert.InRange(content.Length, 1, 65536);
        Assert.Equal(Checksum(content), BinaryPrimitives.ReadUInt32LittleEndian(chunk));
        return content;
    }
}

using System.IO.Compression;

namespace Bridge.Nsq.Compression;

/// <summary>A connection in raw DEFLATE (RFC 1951), each batch of commands ended by a flush that the other end can read up to.</summary>
internal sealed class DeflateTransport : CompressedStream
{
    private readonly DeflateStream _decoder;
    private readonly DeflateStream _encoder;

    /// <param name="transport">The connection; ends with this.</param>
    /// <param name="level">How hard to compress: 1, the fastest, to 9, the smallest.</param>
    public DeflateTransport(Stream transport, int level)
        : base(transport, "deflate")
    {
        _decoder = new DeflateStream(transport, CompressionMode.Decompress, leaveOpen: true);
        _encoder = new DeflateStream(transport, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
    }

    /// <inheritdoc/>
    protected override ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellation) => _decoder.ReadAsync(buffer, cancellation);

    /// <inheritdoc/>
    protected override ValueTask EncodeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _encoder.WriteAsync(bytes, cancellation);

    /// <inheritdoc/>
    protected override Task EndBatchAsync(CancellationToken cancellation) => _encoder.FlushAsync(cancellation);

    /// <inheritdoc/>
    protected override void Release()
    {
        _decoder.Dispose();
        try
        {
            _encoder.Dispose();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It would write the stream's last block, but the connection has ended: nsqd writes none either.
        }
    }
}

using Bridge.Core.Buffers;

namespace Encore.Host.Http;

/// <summary>Appends to a buffer what is written; for encoders that know streams only.</summary>
/// <param name="target">Stays its owner's.</param>
internal sealed class BufferStream(PooledBuffer target) : Stream
{
    private readonly PooledBuffer _buffer = target;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _buffer.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _buffer.Length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _buffer.Write(buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _buffer.Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}

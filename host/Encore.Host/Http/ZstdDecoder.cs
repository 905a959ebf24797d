using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Encore.Host.Http;

/// <summary>Reads a body that is compressed by Zstandard (RFC 8878). Thread: one.</summary>
internal sealed class ZstdDecoder : Stream
{
    // 8 MiB, what RFC 9659 lets a sender use: a frame that asks for more would have it before a byte is decoded.
    private const int MaxWindowLog = 23;
    private const int InputBytes = 16 * 1024;

    private readonly DecompressionStream _decoder;

    private ZstdDecoder(Stream source)
    {
        _decoder = new DecompressionStream(source, InputBytes, checkEndOfStream: true, leaveOpen: true);
        _decoder.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins with a body. The library is loaded here, and no earlier.</summary>
    /// <param name="pipe">The body as the client sent it; stays its owner's.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Stream Open(PipeReader pipe) => new ZstdDecoder(pipe.AsStream(leaveOpen: true));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The bytes aren't Zstandard's.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (ZstdException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }
}

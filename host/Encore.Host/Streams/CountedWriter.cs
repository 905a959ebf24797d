using System.Buffers;
using System.IO.Pipelines;

namespace Encore.Host.Streams;

/// <summary>Counts what is written and not flushed: the server's writer doesn't say.</summary>
/// <param name="writer">Where it goes.</param>
internal sealed class CountedWriter(PipeWriter writer) : IBufferWriter<byte>
{
    /// <summary>Bytes written since the last flush.</summary>
    public long UnflushedBytes { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        writer.Advance(count);
        UnflushedBytes += count;
    }

    /// <inheritdoc/>
    /// <remarks>Asked for some room, the writer of a closed connection gives it and drops what is written; asked for any, it gives none.</remarks>
    public Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(Math.Max(sizeHint, 1));

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(Math.Max(sizeHint, 1));

    /// <summary>Hands over what is written.</summary>
    public ValueTask<FlushResult> FlushAsync()
    {
        UnflushedBytes = 0;
        return writer.FlushAsync();
    }
}

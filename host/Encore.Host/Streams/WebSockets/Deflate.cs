using System.IO.Compression;
using System.Runtime.InteropServices;
using Bridge.Core.Buffers;

namespace Encore.Host.Streams.WebSockets;

/// <summary>
/// Compression of messages (RFC 7692), each by itself: without context takeover, so that an idle socket keeps no tables.
/// </summary>
internal static class Deflate
{
    /// <summary>What the answer to an offer says.</summary>
    public const string Accepted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /// <summary>Messages from this length on are compressed: below, there is little to gain.</summary>
    public const int SmallestMessage = 1024;

    private const int ReadBytes = 4096;

    /// <summary>Whether a client offers what <see cref="Accepted"/> answers.</summary>
    /// <param name="extensions">The elements of its Sec-WebSocket-Extensions.</param>
    public static bool IsOffered(IEnumerable<string> extensions) => extensions.Any(IsAcceptable);

    /// <summary>Compresses a message.</summary>
    public static PooledBuffer Compress(ReadOnlySpan<byte> message)
    {
        var output = new PooledBuffer(message.Length);
        using (var target = new BufferStream(output))
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(message);
            deflate.Flush();

            // Section 7.2.1: the flush's last four bytes, 00 00 FF FF, aren't sent; what ends the stream afterwards isn't either.
            target.End();
        }

        output.Truncate(output.Length - 4);
        return output;
    }

    /// <summary>Decompresses a message.</summary>
    /// <param name="message">The message, which is disposed.</param>
    /// <param name="limit">Bytes that it may have.</param>
    /// <param name="code">Why there is none, a close code.</param>
    public static PooledBuffer? Decompress(PooledBuffer message, long limit, out int code)
    {
        // Section 7.2.2: what the sender took away, and an empty last block, with which the stream is complete.
        message.Write([0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff]);
        var output = new PooledBuffer(message.Length * 2);
        try
        {
            // Justification: a pooled buffer's memory is an array's.
            MemoryMarshal.TryGetArray(message.WrittenMemory, out var bytes);
            using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
            using var inflate = new DeflateStream(source, CompressionMode.Decompress);
            int count;
            while ((count = inflate.Read(output.GetSpan(ReadBytes))) > 0)
            {
                output.Advance(count);
                if (output.Length > limit)
                {
                    code = StreamEnd.TooLarge;
                    output.Dispose();
                    return null;
                }
            }

            code = 0;
            return output;
        }
        catch (InvalidDataException)
        {
            code = StreamEnd.InvalidMessage;
            output.Dispose();
            return null;
        }
        finally
        {
            message.Dispose();
        }
    }

    // A window smaller than the library's can't be promised, so offers that ask for one are passed over.
    private static bool IsAcceptable(string extension)
    {
        var parts = extension.Split(';', StringSplitOptions.TrimEntries);
        return parts[0].Equals("permessage-deflate", StringComparison.OrdinalIgnoreCase)
            && parts.Skip(1).All(parameter => parameter.Split('=')[0].TrimEnd() switch
            {
                "server_no_context_takeover" or "client_no_context_takeover" or "client_max_window_bits" => true,
                "server_max_window_bits" => parameter.EndsWith("15", StringComparison.Ordinal),
                _ => false,
            });
    }

    private sealed class BufferStream(PooledBuffer output) : Stream
    {
        private bool _hasEnded;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => output.Length;

        public override long Position
        {
            get => output.Length;
            set => throw new NotSupportedException();
        }

        public void End() => _hasEnded = true;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!_hasEnded)
            {
                output.Write(buffer);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

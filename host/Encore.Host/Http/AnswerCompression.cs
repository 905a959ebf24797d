using System.IO.Compression;
using Bridge.Core.Buffers;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Http;

/// <summary>Compresses JSON answers for clients that ask, on the threads of the sockets: the isolate has no part in it. Immutable. Thread: any.</summary>
/// <param name="minBytes">Shorter bodies are never looked at.</param>
internal sealed class AnswerCompression(int minBytes)
{
    // Brotli's fourth level compresses JSON better than gzip's best, in about the time of gzip's fastest.
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 22;

    private static readonly StringValues VaryEncoding = "Accept-Encoding";
    private static readonly StringValues Brotli = "br";
    private static readonly StringValues Gzip = "gzip";

    /// <summary>Writes a body compressed, if the client wants that; the answer's other headers are set before.</summary>
    /// <returns>False where the body is to be sent as it is; a cache is told that it depends, all the same.</returns>
    public bool TryWrite(RequestState request, ReadOnlySpan<byte> body)
    {
        if (body.Length < minBytes)
        {
            return false;
        }

        var answer = request.ResponseHeaders;
        answer.Append("Vary", VaryEncoding);
        if (request.RequestHeaders.AcceptEncoding is not { Count: > 0 } header || HttpMethods.IsHead(request.Method) || answer.ContentEncoding.Count > 0)
        {
            return false;
        }

        var accepted = AcceptedEncodings.Parse(header.ToString());
        var usesBrotli = accepted.Brotli > 0 && accepted.Brotli >= accepted.Gzip;
        var weight = usesBrotli ? accepted.Brotli : accepted.Gzip;
        if (weight <= 0 || weight < accepted.Identity)
        {
            return false;
        }

        using var compressed = new PooledBuffer(body.Length);
        if (usesBrotli ? !TryBrotli(body, compressed) : !TryGzip(body, compressed))
        {
            return false;
        }

        answer.ContentEncoding = usesBrotli ? Brotli : Gzip;
        ResponseWriter.WriteBody(request, compressed.Written);
        return true;
    }

    private static bool TryBrotli(ReadOnlySpan<byte> body, PooledBuffer output)
    {
        var room = output.GetSpan(BrotliEncoder.GetMaxCompressedLength(body.Length));
        if (!BrotliEncoder.TryCompress(body, room, out var written, BrotliQuality, BrotliWindow))
        {
            return false;
        }

        output.Advance(written);
        return written < body.Length;
    }

    private static bool TryGzip(ReadOnlySpan<byte> body, PooledBuffer output)
    {
        using (var gzip = new GZipStream(new BufferStream(output), CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return output.Length < body.Length;
    }
}

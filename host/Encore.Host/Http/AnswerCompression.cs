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
    private static readonly Encoding Zstd = new("zstd", ZstdEncoder.TryEncode);
    private static readonly Encoding Brotli = new("br", TryBrotli);
    private static readonly Encoding Gzip = new("gzip", TryGzip);

    private delegate bool Encode(ReadOnlySpan<byte> body, PooledBuffer output);

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

        if (Choose(AcceptedEncodings.Parse(header.ToString())) is not { } encoding)
        {
            return false;
        }

        using var compressed = new PooledBuffer(body.Length);
        if (!encoding.TryEncode(body, compressed))
        {
            return false;
        }

        answer.ContentEncoding = encoding.Name;
        ResponseWriter.WriteBody(request, compressed.Written);
        return true;
    }

    /// <summary>The encoding that the client wants most; of those it wants alike, the one that costs least for what it saves.</summary>
    /// <remarks>Files that are compressed once, at their best, are better off with Brotli: see <see cref="Static.StaticVariant"/>.</remarks>
    private static Encoding? Choose(AcceptedEncodings accepted)
    {
        var (best, weight) = (Zstd, accepted.NamedZstd);
        if (accepted.Brotli > weight)
        {
            (best, weight) = (Brotli, accepted.Brotli);
        }

        if (accepted.Gzip > weight)
        {
            (best, weight) = (Gzip, accepted.Gzip);
        }

        return weight > 0 && weight >= accepted.Identity ? best : null;
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

    /// <summary>A content encoding.</summary>
    /// <param name="Name">As headers have it.</param>
    /// <param name="TryEncode">Compresses a body; false where that makes it no smaller.</param>
    private sealed record Encoding(StringValues Name, Encode TryEncode);
}

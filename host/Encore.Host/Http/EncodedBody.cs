using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Http;

/// <summary>Reads bodies that clients send compressed (Content-Encoding; RFC 9110, section 8.4).</summary>
/// <remarks>An endpoint's limit holds for the decoded bytes, and reading ends there: a small body that grows without end costs no more than that.</remarks>
internal static class EncodedBody
{
    /// <summary>The encodings there are, as the Accept-Encoding header lists them.</summary>
    public const string Supported = "gzip, br, zstd, deflate";

    /// <summary>Reads a body.</summary>
    /// <param name="body">Takes the decoded bytes.</param>
    /// <param name="pipe">The body as the client sent it.</param>
    /// <param name="encodings">The Content-Encoding header; one encoding, not several upon each other.</param>
    /// <param name="limit">More decoded bytes than this are <see cref="BodyStatus.TooLarge"/>.</param>
    public static async ValueTask<BodyStatus> ReadAsync(BodyReader body, PipeReader pipe, StringValues encodings, long limit)
    {
        var encoding = encodings.ToString().Trim().ToLowerInvariant();
        if (encoding is "identity")
        {
            return await body.ReadAsync(pipe, declaredLength: null, limit);
        }

        if (Decoder(encoding, pipe) is not { } decoder)
        {
            return BodyStatus.UnknownEncoding;
        }

        await using (decoder)
        {
            var decoded = PipeReader.Create(decoder, new StreamPipeReaderOptions(leaveOpen: true));
            try
            {
                var status = await body.ReadAsync(decoded, declaredLength: null, limit);
                if (status == BodyStatus.Complete)
                {
                    body.Keep();
                }

                return status;
            }
            catch (InvalidOperationException error) when (decoder is BrotliStream)
            {
                // What Brotli's decoder says of bytes that aren't Brotli's; the others have an exception of their own for it.
                return body.Reject(error.Message);
            }
            finally
            {
                await decoded.CompleteAsync();
            }
        }
    }

    private static Stream? Decoder(string encoding, PipeReader pipe) => encoding switch
    {
        "gzip" or "x-gzip" => new GZipStream(pipe.AsStream(leaveOpen: true), CompressionMode.Decompress),
        "br" => new BrotliStream(pipe.AsStream(leaveOpen: true), CompressionMode.Decompress),
        "zstd" => ZstdDecoder.Open(pipe),
        "deflate" => new ZLibStream(pipe.AsStream(leaveOpen: true), CompressionMode.Decompress),
        _ => null,
    };
}

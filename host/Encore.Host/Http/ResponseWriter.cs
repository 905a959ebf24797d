using System.IO.Pipelines;
using Bridge.Core.Buffers;
using Encore.Host.Routing;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Http;

/// <summary>Writes answers: head, then body, whole and with its length; the server flushes both together.</summary>
internal static class ResponseWriter
{
    /// <summary>Room asked for at a time: what the server's memory blocks hold.</summary>
    private const int WriteBytes = 4096;

    private static readonly StringValues Json = "application/json";
    private static readonly StringValues NoStore = "private, no-store";

    // The thread's room for a body, whose length must be known before the head is written. Nothing awaits while it is in use.
    [ThreadStatic]
    private static PooledBuffer? _scratch;

    /// <summary>Room to put a body together; give it back with <see cref="Return"/> before the thread does anything else.</summary>
    public static PooledBuffer Rent()
    {
        var scratch = _scratch ?? new PooledBuffer();
        _scratch = null;
        return scratch;
    }

    /// <summary>Takes the room back; large ones go to the pool.</summary>
    public static void Return(PooledBuffer scratch)
    {
        const int LargestKept = 64 * 1024;
        if (_scratch is not null || scratch.Length > LargestKept)
        {
            scratch.Dispose();
            return;
        }

        scratch.Truncate(0);
        _scratch = scratch;
    }

    /// <summary>Writes an answer with a JSON body; status and further headers are set before.</summary>
    public static void WriteJson(RequestState request, ReadOnlySpan<byte> body)
    {
        var headers = request.ResponseHeaders;
        headers.ContentType = Json;
        if (request.Compression is { } compression && compression.TryWrite(request, body))
        {
            return;
        }

        WriteBody(request, body);
    }

    /// <summary>Answers a client that asks what a path can do (RFC 9110, section 9.3.7).</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowed">The path's methods, as <see cref="RouteMethods.Bit"/> has them.</param>
    public static void WriteOptions(RequestState request, int allowed)
    {
        request.SetStatus(StatusCodes.Status204NoContent);
        request.ResponseHeaders.Allow = RouteMethods.Describe(allowed | RouteMethod.Options.Bit());
    }

    /// <summary>Writes a body as it is; all other headers are set before.</summary>
    public static void WriteBody(RequestState request, ReadOnlySpan<byte> body)
    {
        request.ResponseHeaders.ContentLength = body.Length;
        request.StartResponse();
        Write(request.ResponseWriter, body);
    }

    /// <summary>Writes an error.</summary>
    public static void WriteError(RequestState request, ErrorAnswer error)
    {
        request.SetStatus(error.Status);
        if (error.IsFromGateway)
        {
            request.ResponseHeaders.CacheControl = NoStore;
        }

        if (error.AcceptEncoding is { } encodings)
        {
            request.ResponseHeaders.AcceptEncoding = encodings;
        }

        if (error.Allow is { } allow)
        {
            request.ResponseHeaders.Allow = allow;
        }

        var body = Rent();
        try
        {
            error.WriteTo(body);
            WriteJson(request, body.Written);
        }
        finally
        {
            Return(body);
        }
    }

    // BuffersExtensions.Write asks for no particular room, and the writer of a closed connection then gives none, which that method takes
    // for a fault of ours. Asked for some, the writer gives it and drops what is written.
    private static void Write(PipeWriter writer, ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var room = writer.GetSpan(Math.Min(body.Length, WriteBytes));
            var part = body[..Math.Min(body.Length, room.Length)];
            part.CopyTo(room);
            writer.Advance(part.Length);
            body = body[part.Length..];
        }
    }
}

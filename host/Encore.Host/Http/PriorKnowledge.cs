using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Encore.Host.Http;

/// <summary>
/// Lets clients speak HTTP/2 without TLS on the port of HTTP/1.1, if they know that they can (RFC 9113, section 3.3).
/// </summary>
/// <remarks>
/// The server itself tells the two apart by TLS's negotiation alone. Of a connection without TLS the first bytes do: no HTTP/1.1 request
/// begins with the preface of HTTP/2. Where they are that, the connection gets the mark that a negotiation would have left. It costs a
/// connection one look at its first bytes, and a request nothing.
/// </remarks>
internal static class PriorKnowledge
{
    // What a connection may take to say its first words: as the server gives it for a request's head.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    // "PRI * HTTP/2.0"; three letters tell it from every method there is.
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    /// <summary>Adds this to what a listener does with a connection.</summary>
    public static void UsePriorKnowledge(this ListenOptions listener) => listener.Use(next => connection => ServeAsync(connection, next));

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await IsPrefaceAsync(connection))
        {
            connection.Features.Set<ITlsConnectionFeature>(Negotiated.Instance);
            connection.Features.Set<ITlsApplicationProtocolFeature>(Negotiated.Instance);
        }

        await next(connection);
    }

    private static async ValueTask<bool> IsPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var first) && Judge(input, first) is { } known)
        {
            return known;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if (Judge(input, await input.ReadAsync(patience.Token)) is { } answer)
                {
                    return answer;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The server finds the connection's end itself.
            if (!connection.ConnectionClosed.IsCancellationRequested)
            {
                connection.Abort();
            }

            return false;
        }
    }

    /// <summary>Looks at what has arrived, and leaves it where it is.</summary>
    /// <returns>Whether it is the preface; null while it may become it.</returns>
    private static bool? Judge(PipeReader input, in ReadResult result)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(result.Buffer.Length, start.Length);
        result.Buffer.Slice(0, length).CopyTo(start);
        var fits = Preface.StartsWith(start[..length]);
        bool? answer = !fits || result.IsCompleted || result.IsCanceled ? false : length == Preface.Length ? true : null;

        // Unexamined bytes make the server's first read return at once.
        input.AdvanceTo(result.Buffer.Start, answer is null ? result.Buffer.End : result.Buffer.Start);
        return answer;
    }

    /// <summary>The mark of a connection that agreed on HTTP/2.</summary>
    private sealed class Negotiated : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public static Negotiated Instance { get; } = new();

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public X509Certificate2? ClientCertificate
        {
            get => null;
            set => throw new NotSupportedException();
        }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}

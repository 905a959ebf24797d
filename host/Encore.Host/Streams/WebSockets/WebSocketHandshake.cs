using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridge.Core.Errors;
using Encore.Host.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Streams.WebSockets;

/// <summary>The opening of a WebSocket: RFC 6455, section 4.2, and over HTTP/2 RFC 8441, section 5.</summary>
/// <param name="Accept">What proves to the client that its key was read; null over HTTP/2, which has no keys.</param>
/// <param name="Subprotocol">The subprotocol that both speak; null for none.</param>
/// <param name="Compresses">Whether messages may be compressed (RFC 7692).</param>
internal sealed record WebSocketHandshake(string? Accept, string? Subprotocol, bool Compresses)
{
    /// <summary>The subprotocol of generated clients.</summary>
    public const string EncoreProtocol = "encore-ws";

    private const string Protocol = "websocket";
    private const string TunnelPrefix = "encore.dev.headers.";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    // What a browser itself says, or the connection: not for scripts to replace.
    private static readonly HashSet<string> NotTunnelled = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "cookie", "host", "origin", "transfer-encoding", "upgrade",
    };

    /// <summary>Whether a request asks for a WebSocket.</summary>
    public static bool IsAsked(RequestState request) =>
        IsConnect(request)
        || (request.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && Elements(request.RequestHeaders.Upgrade).Contains(Protocol, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether a request asks for one as HTTP/2 has it: by CONNECT, in place of GET.</summary>
    public static bool IsConnect(RequestState request) =>
        request.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: Protocol };

    /// <summary>Reads a request that asks for one, and gives it the headers that it brings among its subprotocols.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayCompress">Whether compression is offered.</param>
    /// <param name="refusal">What is wrong with it; null for nothing.</param>
    public static WebSocketHandshake? Read(RequestState request, bool mayCompress, out ErrorAnswer? refusal)
    {
        var headers = request.RequestHeaders;
        refusal = null;
        if (headers.SecWebSocketVersion.ToString() != "13")
        {
            request.ResponseHeaders.SecWebSocketVersion = "13";
            refusal = Refusal("this endpoint speaks version 13 of the WebSocket protocol") with { Status = StatusCodes.Status426UpgradeRequired };
            return null;
        }

        var isConnect = IsConnect(request);
        var key = headers.SecWebSocketKey.ToString();
        if (!isConnect && (!Base64.IsValid(key, out var length) || length != KeyBytes))
        {
            refusal = Refusal("the request has no valid Sec-WebSocket-Key");
            return null;
        }

        var protocols = Elements(headers.SecWebSocketProtocol).ToList();
        if (protocols.Find(name => name.StartsWith(TunnelPrefix, StringComparison.Ordinal)) is { } tunnel && !TryUnpack(tunnel, headers))
        {
            refusal = Refusal($"the subprotocol {TunnelPrefix}… doesn't hold headers: base64url of a JSON object of strings is expected");
            return null;
        }

        return new WebSocketHandshake(
            isConnect ? null : AcceptOf(key),
            protocols.Contains(EncoreProtocol, StringComparer.Ordinal) ? EncoreProtocol : null,
            mayCompress && Deflate.IsOffered(Elements(headers.SecWebSocketExtensions)));
    }

    /// <summary>Writes the answer's headers.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        if (Accept is not null)
        {
            headers.Upgrade = Protocol;
            headers.SecWebSocketAccept = Accept;
        }

        if (Subprotocol is not null)
        {
            headers.SecWebSocketProtocol = Subprotocol;
        }

        if (Compresses)
        {
            headers.SecWebSocketExtensions = Deflate.Accepted;
        }
    }

    private static ErrorAnswer Refusal(string message) => new(ErrorCode.InvalidArgument, message) { IsFromGateway = true };

    // RFC 6455, section 1.3: SHA-1 is what the protocol says, and guards against nothing but servers that don't speak it.
#pragma warning disable CA5350
    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350

    private static IEnumerable<string> Elements(Microsoft.Extensions.Primitives.StringValues lines) =>
        lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool TryUnpack(string tunnel, IHeaderDictionary headers)
    {
        try
        {
            var text = tunnel.AsSpan(TunnelPrefix.Length).TrimEnd('=');
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            foreach (var header in json.RootElement.EnumerateObject())
            {
                if (header.Value.GetString() is { } value && IsTunnelled(header.Name))
                {
                    headers[header.Name] = value;
                }
            }

            return true;
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsTunnelled(string name) =>
        name.Length > 0 && !NotTunnelled.Contains(name) && !name.StartsWith("sec-", StringComparison.OrdinalIgnoreCase);
}

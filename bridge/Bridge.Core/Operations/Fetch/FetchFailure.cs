using System.Net.Sockets;
using System.Security.Authentication;

namespace Bridge.Core.Operations.Fetch;

/// <summary>A failed exchange as the script's <c>TypeError</c>.</summary>
internal static class FetchFailure
{
    internal static OperationException From(Exception exception)
    {
        var root = exception;
        while (root.InnerException is { } inner)
        {
            root = inner;
        }

        return new OperationException("TypeError", $"fetch failed: {exception.Message}", Code(exception, root), root);
    }

    private static string? Code(Exception exception, Exception root) => root switch
    {
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "ECONNREFUSED",
            SocketError.ConnectionReset => "ECONNRESET",
            SocketError.TimedOut => "ETIMEDOUT",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "ENOTFOUND",
            SocketError.Shutdown => "EPIPE",
            _ => null,
        },
        AuthenticationException => "CERT_INVALID",
        _ => (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "ENOTFOUND",
            HttpRequestError.SecureConnectionError => "CERT_INVALID",
            HttpRequestError.ResponseEnded => "ECONNRESET",
            HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse => "HTTP_INVALID",
            _ => exception is IOException ? "ECONNRESET" : null,
        },
    };
}

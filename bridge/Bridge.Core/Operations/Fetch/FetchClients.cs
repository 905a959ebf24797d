using System.Net;
using System.Text;

namespace Bridge.Core.Operations.Fetch;

/// <summary>
/// The connections of <c>fetch</c>: one pool that negotiates and decodes compression, one for requests that name their own encodings.
/// </summary>
internal sealed class FetchClients : IDisposable
{
    // DNS changes are seen within this time, since no connection lives longer.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _decoding = Create(DecompressionMethods.All);
    private readonly HttpMessageInvoker _plain = Create(DecompressionMethods.None);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        (request.Headers.Contains("Accept-Encoding") ? _plain : _decoding).SendAsync(request, cancellation);

    public void Dispose()
    {
        _decoding.Dispose();
        _plain.Dispose();
    }

    private static HttpMessageInvoker Create(DecompressionMethods decompression) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = decompression,
            PooledConnectionLifetime = ConnectionLifetime,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            UseCookies = false,
        });
}

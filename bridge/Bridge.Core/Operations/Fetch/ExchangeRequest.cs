using System.Net;
using System.Text.Json;

namespace Bridge.Core.Operations.Fetch;

/// <summary>Builds the request that a script described.</summary>
internal static class ExchangeRequest
{
    internal static HttpRequestMessage Create(JsonElement payload, byte[]? bytes)
    {
        var request = new HttpRequestMessage(new HttpMethod(payload.GetProperty("method").GetString()!), payload.GetProperty("url").GetString())
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        if (payload.GetProperty("hasBody").GetBoolean())
        {
            request.Content = new ByteArrayContent(bytes ?? []);
        }

        foreach (var field in payload.GetProperty("headers").EnumerateArray())
        {
            var name = field[0].GetString()!;
            var value = field[1].GetString();

            // .NET keeps headers that describe a body with the body; without one, an entity header has nothing to describe.
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }
}

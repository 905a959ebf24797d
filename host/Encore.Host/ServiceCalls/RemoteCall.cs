using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Encore.Host.Logging;

namespace Encore.Host.ServiceCalls;

/// <summary>One call on its way to another host, which may take more than one request; or the opening of a stream.</summary>
internal sealed class RemoteCall
{
    private readonly string? _traceParent;
    private readonly string? _correlation;
    private readonly long? _milliseconds;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="payload">What <c>ts-sdk/src/internal/remote-calls.ts</c> sends.</param>
    public RemoteCall(JsonElement payload)
    {
        Body = Encoding.UTF8.GetBytes($"[{JsonOf(payload, "auth")},{JsonOf(payload, "params")}]");
        _traceParent = TextOf(payload, "trace");
        _correlation = TextOf(payload, "correlation");
        _milliseconds = payload.TryGetProperty("milliseconds", out var milliseconds) ? milliseconds.GetInt64() : null;
    }

    /// <summary>The trace that the call belongs to.</summary>
    public TraceId Trace => TraceId.FromTraceParent(_traceParent);

    /// <summary>What is sent: <c>[auth data or null, parameters or null]</c>.</summary>
    public byte[] Body { get; }

    /// <summary>Makes a request, signed now and with the time that is left.</summary>
    public HttpRequestMessage CreateRequest(RemoteEndpoint endpoint, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in CreateHeaders(endpoint, now))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Makes the headers of a request, signed now and with the time that is left.</summary>
    public IEnumerable<(string Name, string Value)> CreateHeaders(RemoteEndpoint endpoint, DateTimeOffset now)
    {
        var left = _milliseconds is { } all ? Math.Max(all - (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds, 1) : (long?)null;
        var timeout = left?.ToString(CultureInfo.InvariantCulture) ?? "";
        if (endpoint.Key is { } key)
        {
            var signature = CallSignature.Sign(key, new SignedCall(endpoint.FullName, _traceParent ?? "", timeout), Body, now);
            yield return (CallWire.SignatureHeader, signature.ToString());
        }

        if (_traceParent is not null)
        {
            yield return ("traceparent", _traceParent);
        }

        if (_correlation is not null)
        {
            yield return ("x-correlation-id", _correlation);
        }

        if (timeout.Length > 0)
        {
            yield return (CallWire.TimeoutHeader, timeout);
        }
    }

    private static string JsonOf(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetRawText() : "null";

    private static string? TextOf(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetString() : null;
}

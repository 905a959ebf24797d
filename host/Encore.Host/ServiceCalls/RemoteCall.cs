using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Encore.Host.Logging;

namespace Encore.Host.ServiceCalls;

/// <summary>One call on its way to another host, which may take more than one request.</summary>
internal sealed class RemoteCall
{
    private readonly byte[] _body;
    private readonly string? _traceParent;
    private readonly string? _correlation;
    private readonly long? _milliseconds;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="payload">What <c>ts-sdk/src/internal/remote-calls.ts</c> sends.</param>
    public RemoteCall(JsonElement payload)
    {
        _body = Encoding.UTF8.GetBytes($"[{JsonOf(payload, "auth")},{JsonOf(payload, "params")}]");
        _traceParent = TextOf(payload, "trace");
        _correlation = TextOf(payload, "correlation");
        _milliseconds = payload.TryGetProperty("milliseconds", out var milliseconds) ? milliseconds.GetInt64() : null;
    }

    /// <summary>The trace that the call belongs to.</summary>
    public TraceId Trace => TraceId.FromTraceParent(_traceParent);

    /// <summary>Makes a request, signed now and with the time that is left.</summary>
    public HttpRequestMessage CreateRequest(RemoteEndpoint endpoint, DateTimeOffset now)
    {
        var left = _milliseconds is { } all ? Math.Max(all - (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds, 1) : (long?)null;
        var timeout = left?.ToString(CultureInfo.InvariantCulture) ?? "";
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(_body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (endpoint.Key is { } key)
        {
            var signature = CallSignature.Sign(key, new SignedCall(endpoint.FullName, _traceParent ?? "", timeout), _body, now);
            Add(request, CallWire.SignatureHeader, signature.ToString());
        }

        Add(request, "traceparent", _traceParent);
        Add(request, "x-correlation-id", _correlation);
        Add(request, CallWire.TimeoutHeader, timeout.Length == 0 ? null : timeout);
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string JsonOf(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetRawText() : "null";

    private static string? TextOf(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value.GetString() : null;
}

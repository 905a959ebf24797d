using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Encore.Host.Logging;
using Encore.Host.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Http;

/// <summary>Describes a request for the scripts that ask: what <c>currentRequest()</c> shows of it.</summary>
internal static class RequestDescription
{
    private const string CorrelationHeader = "x-correlation-id";

    /// <summary>The description as <see cref="Bridge.Core.Isolates.ICallSource.Describe"/> has it.</summary>
    public static string Write(RequestState request)
    {
        using var text = new PooledBuffer();
        using (var json = new Utf8JsonWriter(text))
        {
            var target = RequestTarget.Parse(request.RawTarget);
            var path = target.Path.ToString();
            json.WriteStartObject();
            json.WriteString("method", request.Method);
            json.WriteString("path", path);
            json.WriteString("pathAndQuery", target.Query.IsEmpty ? path : $"{path}?{target.Query}");
            WritePathValues(json, request, path);
            WriteHeaders(json, request);
            WriteOrigin(json, request);
            WriteExchange(json, request);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    private static void WritePathValues(Utf8JsonWriter json, RequestState request, string path)
    {
        json.WriteStartObject("pathParams");
        var names = request.Route?.PathNames ?? [];
        var values = request.PathValues;
        for (var i = 0; i < Math.Min(names.Count, values.Length); i++)
        {
            json.WriteString(names[i], Uri.UnescapeDataString(path[values[i]]));
        }

        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, RequestState request)
    {
        json.WriteStartObject("headers");
        foreach (var (name, lines) in request.RequestHeaders)
        {
            if (lines.Count == 1)
            {
                json.WriteString(name.ToLowerInvariant(), lines[0]);
                continue;
            }

            json.WriteStartArray(name.ToLowerInvariant());
            foreach (var line in lines)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteExchange(Utf8JsonWriter json, RequestState request)
    {
        if (request.Exchange is not { } exchange)
        {
            return;
        }

        var connection = request.Features.Get<IHttpConnectionFeature>();
        json.WriteStartObject("raw");
        json.WriteNumber("id", exchange.Id);
        json.WriteString("httpVersion", request.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? request.Protocol[5..] : request.Protocol);
        json.WriteString("remoteAddress", connection?.RemoteIpAddress?.ToString() ?? "");
        json.WriteNumber("remotePort", connection?.RemotePort ?? 0);
        json.WriteBoolean("encrypted", request.IsEncrypted);
        json.WriteEndObject();
    }

    /// <summary>Writes what the request says of the trace that it belongs to.</summary>
    public static void WriteOrigin(Utf8JsonWriter json, RequestState request)
    {
        if (TraceId.ParentSpan(request.Find("traceparent")) is { Bits: not 0 } parent)
        {
            json.WriteString("parentSpanId", parent.ToString());
        }

        if (request.Find(CorrelationHeader) is { } correlation)
        {
            json.WriteString("extCorrelationId", correlation);
        }
    }
}

using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bridge.Core.Operations.Fetch;

/// <summary>Writes a response's head as the script reads it.</summary>
internal static class ExchangeResponse
{
    internal static string Describe(HttpResponseMessage response, int bodyId, bool end)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("id", bodyId);
        json.WriteNumber("status", (int)response.StatusCode);
        json.WriteString("statusText", response.ReasonPhrase ?? "");
        json.WriteStartArray("headers");
        Write(json, response.Headers.NonValidated);
        Write(json, response.Content.Headers.NonValidated);
        json.WriteEndArray();
        json.WriteBoolean("end", end);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, HttpHeadersNonValidated headers)
    {
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                json.WriteStartArray();
                json.WriteStringValue(name);
                json.WriteStringValue(value);
                json.WriteEndArray();
            }
        }
    }
}

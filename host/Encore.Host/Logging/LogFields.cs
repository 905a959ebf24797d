using System.Text.Json;

namespace Encore.Host.Logging;

/// <summary>The additional fields of a log line, as its author passed them.</summary>
internal static class LogFields
{
    /// <summary>Reads an entry's fields; null where there are none or they are no JSON object.</summary>
    public static JsonDocument? Parse(string? fieldsJson)
    {
        if (string.IsNullOrEmpty(fieldsJson))
        {
            return null;
        }

        try
        {
            var fields = JsonDocument.Parse(fieldsJson);
            if (fields.RootElement.ValueKind == JsonValueKind.Object)
            {
                return fields;
            }

            fields.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a field carries the name of one the entry has set itself; then the entry's is written.</summary>
    public static bool IsTaken(string name, in LogEntry entry) => name switch
    {
        "level" or "time" or "message" => true,
        "service" => entry.Service is not null,
        "endpoint" => entry.Endpoint is not null,
        "uid" => entry.UserId is not null,
        "trace_id" => entry.Trace.IsPresent,
        "span_id" => entry.Span.Bits != 0,
        "duration" => entry.Duration is not null,
        "code" => entry.Code is not null,
        "error" => entry.Error is not null,
        "stack" => entry.Stack is not null,
        _ => false,
    };
}

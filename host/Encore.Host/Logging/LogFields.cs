using System.Text.Json;

namespace Encore.Host.Logging;

/// <summary>The additional fields of a log line, as its author passed them.</summary>
internal static class LogFields
{
    /// <summary>Reads an entry's fields; null where there are none or they aren't JSON.</summary>
    public static JsonDocument? Parse(string? fieldsJson)
    {
        if (string.IsNullOrEmpty(fieldsJson))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(fieldsJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fields that don't carry the name of one the entry has set itself.</summary>
    public static IEnumerable<JsonProperty> Of(JsonDocument? fields, LogEntry entry) =>
        fields is { RootElement.ValueKind: JsonValueKind.Object }
            ? fields.RootElement.EnumerateObject().Where(field => !IsTaken(field.Name, in entry))
            : [];

    private static bool IsTaken(string name, in LogEntry entry) => name switch
    {
        "level" or "time" or "message" => true,
        "service" => entry.Service is not null,
        "endpoint" => entry.Endpoint is not null,
        "trace_id" => entry.Trace.IsPresent,
        "duration" => entry.Duration is not null,
        "code" => entry.Code is not null,
        "error" => entry.Error is not null,
        "stack" => entry.Stack is not null,
        _ => false,
    };
}

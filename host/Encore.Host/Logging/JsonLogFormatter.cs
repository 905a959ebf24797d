using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Errors;

namespace Encore.Host.Logging;

/// <summary>Log lines as JSON objects, one a line.</summary>
internal sealed class JsonLogFormatter : ILogFormatter
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    // Kept for line after line; it writes to whichever buffer it was last reset to.
    private readonly Utf8JsonWriter _writer = new(Stream.Null, WriterOptions);

    /// <inheritdoc/>
    public void Format(in LogEntry entry, PooledBuffer output)
    {
        _writer.Reset(output);
        _writer.WriteStartObject();
        _writer.WriteString("level"u8, entry.Severity.Name());
        _writer.WriteString("time"u8, entry.Time);
        _writer.WriteString("message"u8, entry.Message);
        WriteRequest(_writer, in entry);
        WriteFields(_writer, in entry);
        _writer.WriteEndObject();
        _writer.Flush();
        output.Write((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static void WriteRequest(Utf8JsonWriter writer, in LogEntry entry)
    {
        WriteText(writer, "service"u8, entry.Service);
        WriteText(writer, "endpoint"u8, entry.Endpoint);
        WriteText(writer, "uid"u8, entry.UserId);
        if (entry.Trace.IsPresent)
        {
            Span<char> trace = stackalloc char[TraceId.Digits];
            entry.Trace.Format(trace);
            writer.WriteString("trace_id"u8, trace);
        }

        if (entry.Span.Bits != 0)
        {
            writer.WriteString("span_id"u8, entry.Span.ToString());
        }

        if (entry.Duration is { } duration)
        {
            writer.WriteNumber("duration"u8, Math.Round(duration.TotalMilliseconds, 3));
        }

        WriteText(writer, "code"u8, entry.Code?.Name());
        WriteText(writer, "error"u8, entry.Error);
        WriteText(writer, "stack"u8, entry.Stack);
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, in LogEntry entry)
    {
        using var fields = LogFields.Parse(entry.FieldsJson);
        if (fields is null)
        {
            return;
        }

        foreach (var field in fields.RootElement.EnumerateObject())
        {
            if (!LogFields.IsTaken(field.Name, in entry))
            {
                field.WriteTo(writer);
            }
        }
    }
}

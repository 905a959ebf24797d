using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Errors;

namespace Encore.Host.Logging;

/// <summary>Log lines for people: time, level, message, fields; a stack follows on lines of its own.</summary>
/// <param name="useColor">Whether to colour them by ANSI sequences.</param>
/// <param name="zone">The time zone that times are shown in.</param>
internal sealed class ConsoleLogFormatter(bool useColor, TimeZoneInfo zone) : ILogFormatter
{
    private const string Gray = "\e[90m";
    private const string Cyan = "\e[36m";
    private const string Red = "\e[31m";

    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public void Format(in LogEntry entry, PooledBuffer output)
    {
        _line.Clear();
        var time = TimeZoneInfo.ConvertTimeFromUtc(entry.Time, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Append(time, Gray);
        _line.Append(' ');
        var (label, color) = LabelOf(entry.Severity);
        Append(label, color);
        _line.Append(' ');
        AppendPrintable(entry.Message);
        AppendFields(in entry);
        var stack = AppendAdditionalFields(in entry);
        _line.Append('\n');
        AppendStack(stack);
        var text = _line.ToString();
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static (string Label, string Color) LabelOf(LogSeverity severity) => severity switch
    {
        LogSeverity.Trace => ("TRC", "\e[35m"),
        LogSeverity.Debug => ("DBG", "\e[34m"),
        LogSeverity.Info => ("INF", "\e[32m"),
        LogSeverity.Warn => ("WRN", "\e[33m"),
        _ => ("ERR", "\e[1;31m"),
    };

    private void AppendFields(in LogEntry entry)
    {
        AppendField("error", entry.Error, Red);
        AppendField("service", entry.Service);
        AppendField("endpoint", entry.Endpoint);
        AppendField("uid", entry.UserId);
        AppendField("code", entry.Code?.Name());
        if (entry.Duration is { } duration)
        {
            AppendField("duration", duration.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + "ms");
        }

        AppendField("trace_id", entry.Trace.IsPresent ? entry.Trace.ToString() : null);
    }

    /// <returns>The stack to print: the entry's, else the one among the fields.</returns>
    private string? AppendAdditionalFields(in LogEntry entry)
    {
        var stack = entry.Stack;
        using var fields = LogFields.Parse(entry.FieldsJson);
        if (fields is null)
        {
            return stack;
        }

        foreach (var field in fields.RootElement.EnumerateObject())
        {
            var isText = field.Value.ValueKind == JsonValueKind.String;
            if (LogFields.IsTaken(field.Name, in entry))
            {
                continue;
            }

            if (isText && field.NameEquals("stack"))
            {
                stack = field.Value.GetString();
                continue;
            }

            AppendField(field.Name, isText ? field.Value.GetString() : field.Value.GetRawText(), field.NameEquals("error") ? Red : null);
        }

        return stack;
    }

    private void AppendField(string name, string? value, string? color = null)
    {
        if (value is null)
        {
            return;
        }

        _line.Append(' ');
        Append((name.Any(char.IsControl) ? Quote(name) : name) + "=", Cyan);
        Append(NeedsQuotes(value) ? Quote(value) : value, color);
    }

    private static bool NeedsQuotes(string value) =>
        value.Length == 0 || (value[0] is not '{' and not '[' && value.AsSpan().IndexOfAny(" \"=") >= 0) || value.Any(char.IsControl);

    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private void AppendStack(string? stack)
    {
        foreach (var line in (stack ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _line.Append("    ");
            AppendPrintable(line.Trim());
            _line.Append('\n');
        }
    }

    private void Append(string text, string? color)
    {
        if (useColor && color is not null)
        {
            _line.Append(color).Append(text).Append("\e[0m");
        }
        else
        {
            _line.Append(text);
        }
    }

    // A logged string must not be able to drive the terminal; line feeds and tabs are harmless.
    private void AppendPrintable(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not '\n' and not '\t')
            {
                _line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}

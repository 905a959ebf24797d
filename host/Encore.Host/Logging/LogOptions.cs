namespace Encore.Host.Logging;

/// <summary>Which log lines are written, and how.</summary>
/// <param name="Threshold">Lines below it are dropped.</param>
/// <param name="Format">Lines of JSON, or text for people.</param>
/// <param name="UseColor">Whether text for people is coloured.</param>
public sealed record LogOptions(LogSeverity Threshold, LogFormat Format, bool UseColor)
{
    /// <summary>Reads ENCORE_LOG (a severity; trace if unset), ENCORE_NOLOG, ENCORE_LOG_FORMAT (console, json) and NO_COLOR.</summary>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    /// <param name="isTerminal">Whether the log goes to a terminal; that makes text the default.</param>
    /// <param name="problems">Receives a line for each setting that can't be read.</param>
    public static LogOptions Read(Func<string, string?> variables, bool isTerminal, ICollection<string> problems)
    {
        var format = variables("ENCORE_LOG_FORMAT") switch
        {
            "console" => LogFormat.Console,
            "json" => LogFormat.Json,
            _ => isTerminal ? LogFormat.Console : LogFormat.Json,
        };
        return new LogOptions(ReadThreshold(variables, problems), format, isTerminal && string.IsNullOrEmpty(variables("NO_COLOR")));
    }

    private static LogSeverity ReadThreshold(Func<string, string?> variables, ICollection<string> problems)
    {
        if (!string.IsNullOrEmpty(variables("ENCORE_NOLOG")))
        {
            return LogSeverity.Off;
        }

        var text = variables("ENCORE_LOG");
        if (string.IsNullOrEmpty(text))
        {
            return LogSeverity.Trace;
        }

        if (LogSeverities.Parse(text) is { } severity)
        {
            return severity;
        }

        problems.Add($"ENCORE_LOG: '{text}' is not one of trace, debug, info, warn, error, off");
        return LogSeverity.Trace;
    }
}

/// <summary>The two shapes of a log line.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>Time, level, message and fields, for people.</summary>
    Console,
}

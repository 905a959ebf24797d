namespace Encore.Host.Logging;

/// <summary>How much a log line matters; the numbers are those the isolate's <c>host.log</c> passes.</summary>
public enum LogSeverity
{
    /// <summary>trace</summary>
    Trace,

    /// <summary>debug</summary>
    Debug,

    /// <summary>info</summary>
    Info,

    /// <summary>warn</summary>
    Warn,

    /// <summary>error</summary>
    Error,

    /// <summary>Above all lines: a threshold that silences the log.</summary>
    Off,
}

/// <summary>How severities are written.</summary>
public static class LogSeverities
{
    /// <summary>The severity as log lines and ENCORE_LOG write it.</summary>
    public static string Name(this LogSeverity severity) => severity switch
    {
        LogSeverity.Trace => "trace",
        LogSeverity.Debug => "debug",
        LogSeverity.Info => "info",
        LogSeverity.Warn => "warn",
        LogSeverity.Error => "error",
        _ => "off",
    };

    /// <summary>Reads a severity, whatever its case; null if it is none.</summary>
    public static LogSeverity? Parse(string text) =>
        Enum.GetValues<LogSeverity>().Cast<LogSeverity?>()
            .FirstOrDefault(severity => string.Equals(severity!.Value.Name(), text.Trim(), StringComparison.OrdinalIgnoreCase));
}

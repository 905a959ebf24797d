using Bridge.Core.Errors;

namespace Encore.Host.Logging;

/// <summary>
/// A log line before it is written: cheap to fill on a request's thread, formatted by the log's own.
/// </summary>
public struct LogEntry
{
    /// <summary>How much it matters.</summary>
    public LogSeverity Severity { get; set; }

    /// <summary>When it happened, UTC; set by the sink.</summary>
    public DateTime Time { get; set; }

    /// <summary>What happened.</summary>
    public string Message { get; set; }

    /// <summary>The service concerned, if any.</summary>
    public string? Service { get; set; }

    /// <summary>The endpoint concerned, if any.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The request's trace, if any.</summary>
    public TraceId Trace { get; set; }

    /// <summary>The request's own part of the trace; 0 for none.</summary>
    public SpanId Span { get; set; }

    /// <summary>Who made the request, if the auth handler said so.</summary>
    public string? UserId { get; set; }

    /// <summary>How the request ended; null for lines that aren't about an end.</summary>
    public ErrorCode? Code { get; set; }

    /// <summary>How long the request took; null for lines that aren't about an end.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>The error's text.</summary>
    public string? Error { get; set; }

    /// <summary>The error's stack, mapped to sources where that is possible.</summary>
    public string? Stack { get; set; }

    /// <summary>More fields: a JSON object; null or "" for none. Fields that carry a name of this type's own are left out.</summary>
    public string? FieldsJson { get; set; }
}

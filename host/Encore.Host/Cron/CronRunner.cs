using System.Diagnostics;
using System.Text.Json.Nodes;
using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Http;
using Encore.Host.Logging;

namespace Encore.Host.Cron;

/// <summary>Runs a job once: calls its endpoint within the host, without parameters. Thread: any.</summary>
/// <param name="isolate">Runs the handler.</param>
/// <param name="log">Receives a line when a run begins and one when it ends.</param>
internal sealed class CronRunner(Isolate isolate, LogSink log)
{
    /// <summary>Runs a job to its end.</summary>
    /// <returns>Null where it went well, else what went wrong.</returns>
    public async Task<string?> RunAsync(CronJob job, CancellationToken cancellation)
    {
        var begin = Stopwatch.GetTimestamp();
        var (trace, span) = (TraceId.Create(), SpanId.Create());
        Write(job, LogSeverity.Info, "cron job started", trace, span);
        var call = new HandlerRequest { Endpoint = job.Endpoint, Trace = new CallTrace(trace.Bits, span.Bits), HasNoDeadline = true };
        using var answer = await isolate.CallAsync(call, cancellation);
        var (error, stack) = Judge(answer);
        var severity = error is null ? LogSeverity.Info : LogSeverity.Error;
        Write(job, severity, error is null ? "cron job completed" : "cron job failed", trace, span, error, stack, Stopwatch.GetElapsedTime(begin));
        return error;
    }

    /// <summary>Says that a run is left out.</summary>
    public void Skip(CronJob job) => Write(job, LogSeverity.Warn, "cron job skipped: its last run hasn't ended", default, default);

    /// <summary>Says that a run couldn't be begun.</summary>
    public void Fail(CronJob job, Exception error) =>
        Write(job, LogSeverity.Error, "cron job failed", default, default, error.Message, error.ToString());

    private void Write(
        CronJob job, LogSeverity severity, string message, TraceId trace, SpanId span, string? error = null, string? stack = null, TimeSpan? duration = null) =>
        log.Write(new LogEntry
        {
            Severity = severity,
            Message = message,
            Trace = trace,
            Span = span,
            Error = error,
            Stack = stack,
            Duration = duration,
            FieldsJson = new JsonObject { ["job"] = job.Name, ["target"] = job.Target }.ToJsonString(),
        });

    private static (string? Error, string? Stack) Judge(HandlerAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value or AnswerKind.Headed:
                return (null, null);
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                var text = error.Code is { } code ? $"{code.Name()}: {error.Text}" : error.Text;
                return (text, error.Stack.Length > 0 ? error.Stack : null);
            case AnswerKind.Canceled:
                return ("the host ended before the handler answered", null);
            default:
                return ("the isolate ended before the handler answered", null);
        }
    }
}

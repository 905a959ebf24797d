using System.Text.Json.Nodes;
using Bridge.Core.Errors;
using Bridge.Core.Responses.Checking;
using Encore.Host.Logging;

namespace Encore.Host.Http;

/// <summary>The lines that each request leaves in the log.</summary>
/// <param name="log">Where they go.</param>
internal sealed class RequestLog(LogSink log)
{
    /// <summary>The handler is about to be called.</summary>
    public void Started(RequestState request, EndpointRoute route)
    {
        if (log.IsEnabled(LogSeverity.Info))
        {
            log.Write(Line(LogSeverity.Info, "starting request", request, route));
        }
    }

    /// <summary>The request has its answer, whichever.</summary>
    public void Completed(RequestState request, EndpointRoute route, ErrorCode code)
    {
        if (log.IsEnabled(LogSeverity.Info))
        {
            var line = Line(LogSeverity.Info, "request completed", request, route);
            line.Code = code;
            line.Duration = request.Elapsed;
            log.Write(line);
        }
    }

    /// <summary>The handler threw, or its answer couldn't be written.</summary>
    public void Failed(RequestState request, EndpointRoute route, ErrorCode code, string error, string? stack)
    {
        if (log.IsEnabled(LogSeverity.Error))
        {
            var line = Line(LogSeverity.Error, "request failed", request, route);
            line.Code = code;
            line.Error = error;
            line.Stack = string.IsNullOrEmpty(stack) ? null : stack;
            log.Write(line);
        }
    }

    /// <summary>What the handler returned isn't what its type says: in development only.</summary>
    public void Differs(RequestState request, EndpointRoute route, IReadOnlyList<ResponseDifference> differences)
    {
        foreach (var difference in differences)
        {
            var place = difference.Path.Length == 0 ? "" : $" at {difference.Path}";
            var source = difference.Source.Length == 0 ? "" : $" (declared at {difference.Source})";
            var line = Line(LogSeverity.Warn, $"the answer isn't what its type says{place}: {difference.Message}{source}", request, route);
            line.FieldsJson = new JsonObject
            {
                ["path"] = difference.Path,
                ["rule"] = difference.Rule,
                ["expected"] = difference.Expected,
                ["got"] = difference.Got,
                ["source"] = difference.Source,
            }.ToJsonString();
            log.Write(line);
        }
    }

    /// <summary>The request was refused before its handler was called: the client's mistake. No route: that was the mistake.</summary>
    public void Refused(RequestState request, EndpointRoute? route, ErrorAnswer answer)
    {
        var severity = route is null ? LogSeverity.Debug : LogSeverity.Warn;
        if (log.IsEnabled(severity))
        {
            var line = Line(severity, "request failed", request, route);
            line.Code = answer.Code;
            line.Error = answer.Message;
            line.Duration = request.Elapsed;
            log.Write(line);
        }
    }

    /// <summary>A call of another host was refused. No route: before the endpoint was looked for.</summary>
    public void CallRefused(RequestState request, EndpointRoute? route, ErrorCode code, string reason)
    {
        var line = Line(LogSeverity.Warn, "call of another host refused", request, route);
        line.Code = code;
        line.Error = reason;
        line.Duration = request.Elapsed;
        log.Write(line);
    }

    /// <summary>A message that a broker has sent wasn't taken, or it wasn't a broker that sent it.</summary>
    public void PushRefused(RequestState request, ErrorCode code, string reason)
    {
        var line = Line(LogSeverity.Warn, "pushed message refused", request, route: null);
        line.Code = code;
        line.Error = reason;
        line.Duration = request.Elapsed;
        log.Write(line);
    }

    private static LogEntry Line(LogSeverity severity, string message, RequestState request, EndpointRoute? route) => new()
    {
        Severity = severity,
        Message = message,
        Service = route?.Service,
        Endpoint = route?.Endpoint,
        Trace = request.Trace,
        Span = request.Span,
        UserId = request.UserId,
    };
}

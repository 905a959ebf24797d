using Encore.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Encore.Host.Http;

/// <summary>Brings the server's own warnings and errors into the log.</summary>
/// <param name="log">Where they go.</param>
internal sealed class ServerLogBridge(LogSink log) : ILoggerFactory, ILogger
{
    // The server believes that nobody can speak HTTP/2 without TLS; PriorKnowledge sees to it that they can.
    private const string Http2Disabled = "Http2DisabledWithHttp1AndNoTls";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The server's log goes to the host's log only.");

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Name != Http2Disabled)
        {
            log.Write(new LogEntry
            {
                Severity = logLevel == LogLevel.Warning ? LogSeverity.Warn : LogSeverity.Error,
                Message = formatter(state, exception),
                Error = exception?.Message,
                Stack = exception?.ToString(),
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

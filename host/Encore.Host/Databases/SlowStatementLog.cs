using System.Text.Json;
using Bridge.Postgres.Queries;
using Encore.Host.Logging;

namespace Encore.Host.Databases;

/// <summary>Writes down statements that took long: their text, never what was inserted into it.</summary>
internal sealed class SlowStatementLog(LogSink log) : ISqlObserver
{
    /// <inheritdoc/>
    public void StatementEnded(in SqlStatementReport report)
    {
        if (!report.IsSlow)
        {
            return;
        }

        log.Write(new LogEntry
        {
            Severity = LogSeverity.Warn,
            Message = "slow statement",
            FieldsJson = JsonSerializer.Serialize(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["database"] = report.Database,
                ["query"] = report.Text,
                ["duration"] = Math.Round(report.Duration.TotalMilliseconds, 3),
                ["rows"] = report.Rows,
                ["code"] = report.ErrorCode,
            }),
        });
    }
}

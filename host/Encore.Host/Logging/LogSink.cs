using Bridge.Core.Buffers;

namespace Encore.Host.Logging;

/// <summary>
/// Where every log line of the process goes: the host's, the requests' and the application's.
/// </summary>
/// <remarks>
/// Lines are queued and written by a thread of their own. When the output is slower than the lines, the host's are dropped and counted at
/// once; the application's wait a little first. A line says how many were lost. Thread: any.
/// </remarks>
public sealed class LogSink : IDisposable
{
    private const int WriteBatchBytes = 64 * 1024;

    // A stalled reader of the log may slow the application down for this long a line, not stop it.
    private static readonly TimeSpan ApplicationPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private readonly LogQueue _queue = new();
    private readonly LogSeverity _threshold;
    private readonly ILogFormatter _formatter;
    private readonly Stream _output;
    private readonly Thread _writer;

    /// <summary>Starts a sink.</summary>
    /// <param name="options">Which lines, and how.</param>
    /// <param name="output">Receives UTF-8; flushed after each batch, never closed.</param>
    public LogSink(LogOptions options, Stream output)
    {
        _threshold = options.Threshold;
        _formatter = options.Format == LogFormat.Json ? new JsonLogFormatter() : new ConsoleLogFormatter(options.UseColor, TimeZoneInfo.Local);
        _output = output;
        _writer = new Thread(WriteBatches) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Whether a line of this severity would be written: ask before building an entry.</summary>
    public bool IsEnabled(LogSeverity severity) => severity >= _threshold && severity != LogSeverity.Off;

    /// <summary>Queues a line of the host. Never waits.</summary>
    public void Write(LogEntry entry)
    {
        if (IsEnabled(entry.Severity))
        {
            entry.Time = DateTime.UtcNow;
            _queue.Add(entry, TimeSpan.Zero);
        }
    }

    /// <summary>Queues a line of the application; waits briefly where the queue is full.</summary>
    public void WriteFromApplication(LogEntry entry)
    {
        if (IsEnabled(entry.Severity))
        {
            entry.Time = DateTime.UtcNow;
            _queue.Add(entry, ApplicationPatience);
        }
    }

    /// <summary>Queues a line of the host about nothing in particular.</summary>
    public void Write(LogSeverity severity, string message, string? error = null) =>
        Write(new LogEntry { Severity = severity, Message = message, Error = error });

    /// <summary>Waits until the lines so far are written, or the time is up.</summary>
    public void Flush(TimeSpan limit) => _queue.Flush(limit);

    /// <summary>Writes what is queued and ends; lines that come later are dropped.</summary>
    public void Dispose()
    {
        _queue.Close();
        if (_writer.Join(CloseLimit))
        {
            _formatter.Dispose();
        }
    }

    private void WriteBatches()
    {
        var batch = new LogEntry[64];
        using var text = new PooledBuffer(WriteBatchBytes);
        while (true)
        {
            var count = _queue.Take(ref batch, out var dropped);
            if (count == 0 && dropped == 0)
            {
                return;
            }

            Format(batch.AsSpan(0, count), dropped, text);
            _queue.Written(count);
        }
    }

    private void Format(Span<LogEntry> batch, long dropped, PooledBuffer text)
    {
        foreach (ref var entry in batch)
        {
            _formatter.Format(in entry, text);
            entry = default;
            if (text.Length >= WriteBatchBytes)
            {
                Send(text);
            }
        }

        if (dropped > 0)
        {
            _formatter.Format(
                new LogEntry
                {
                    Severity = LogSeverity.Warn,
                    Time = DateTime.UtcNow,
                    Message = "log lines dropped: the output is slower than the log",
                    FieldsJson = $$"""{"count":{{dropped}}}""",
                },
                text);
        }

        Send(text);
    }

    private void Send(PooledBuffer text)
    {
        try
        {
            _output.Write(text.Written);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads the log any more, and there is no other place to say so.
        }

        text.Truncate(0);
    }
}

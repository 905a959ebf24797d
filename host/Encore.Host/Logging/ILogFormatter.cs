using Bridge.Core.Buffers;

namespace Encore.Host.Logging;

/// <summary>Turns log lines into UTF-8.</summary>
/// <remarks>Thread: the log's.</remarks>
internal interface ILogFormatter : IDisposable
{
    /// <summary>Appends one line, or several for a stack, each with its line feed.</summary>
    void Format(in LogEntry entry, PooledBuffer output);
}

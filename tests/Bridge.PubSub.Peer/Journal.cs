using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bridge.PubSub.Peer;

/// <summary>Standard output, a line at a time: what is written is the reader's even if this process is killed in the next moment.</summary>
internal sealed class Journal : IAsyncDisposable
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Lock _lock = new();

    /// <summary>Writes what happened to a message, and when by a clock that all processes of the machine share.</summary>
    public void Write(string what, string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{what} {Stopwatch.GetTimestamp()} {text.ReplaceLineEndings(" ")}\n");
        lock (_lock)
        {
            _output.Write(Encoding.UTF8.GetBytes(line));
            _output.Flush();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _output.DisposeAsync();
}

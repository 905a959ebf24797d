using System.Diagnostics;
using Encore.Host.Diagnostics;

namespace Encore.Host.Commands;

/// <summary>A line that shows on a terminal that work goes on, and is gone when it is done; nothing anywhere else.</summary>
internal sealed class Progress : IDisposable
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(80);

    private readonly string _text;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Timer? _timer;
    private int _frame;
    private bool _ended;

    private Progress(string text, bool visible)
    {
        _text = text;
        if (visible)
        {
            _timer = new Timer(_ => Draw(), state: null, TimeSpan.Zero, FrameTime);
        }
    }

    /// <summary>Starts showing.</summary>
    /// <param name="text">What goes on, such as "building blog".</param>
    public static Progress Show(string text) => new(text, IsTerminal);

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    // Continuous integration records what is written to its terminals.
    private static bool IsTerminal =>
        !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_timer is null)
        {
            return;
        }

        _timer.Dispose();
        lock (_gate)
        {
            if (!_ended)
            {
                _ended = true;
                Console.Error.Write("\r\e[K");
            }
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                var frame = Frames[_frame++ % Frames.Length];
                Console.Error.Write($"\r\e[K{frame} {_text} {TerminalStyle.ForError.Faint(Terminal.Seconds(Elapsed))}");
            }
        }
    }
}

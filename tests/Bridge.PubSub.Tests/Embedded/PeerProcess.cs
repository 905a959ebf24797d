using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>A process that publishes and handles messages of a file, to be killed.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private PeerProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>The messages that the broker said it has.</summary>
    public ConcurrentQueue<string> Taken { get; } = [];

    /// <summary>The messages it has handled, with the time of the machine's clock.</summary>
    public ConcurrentQueue<(long At, string Text)> Handled { get; } = [];

    /// <summary>What went wrong.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>How often the broker didn't take note of a message's end.</summary>
    public int Unsettled { get; private set; }

    /// <summary>Starts one.</summary>
    public static PeerProcess Start(string path, string name, int count, int leaseSeconds, params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Bridge.PubSub.Peer");
        var start = new ProcessStartInfo(program, [path, name, count.ToString(CultureInfo.InvariantCulture), leaseSeconds.ToString(CultureInfo.InvariantCulture), .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new PeerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} didn't start."));
    }

    /// <summary>Kills it at once, and reads what it had written by then.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // A line that death cut short says nothing.
            if (line.Split(' ', 3) is [var what, var at, { Length: > 0 } text])
            {
                Note(what, long.Parse(at, CultureInfo.InvariantCulture), text);
            }
        }

        if (await errors is { Length: > 0 } error)
        {
            Failures.Enqueue(error);
        }
    }

    private void Note(string what, long at, string text)
    {
        switch (what)
        {
            case "taken":
                Taken.Enqueue(text);
                break;
            case "handled":
                Handled.Enqueue((at, text));
                break;
            case "unsettled":
                Unsettled++;
                break;
            default:
                Failures.Enqueue(text);
                break;
        }
    }
}

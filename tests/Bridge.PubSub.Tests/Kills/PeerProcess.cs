using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bridge.PubSub.Peer;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>A process that publishes and handles messages, to be killed.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly FlowRecord _record;
    private readonly Task _reading;
    private readonly int _count;
    private int _taken;
    private int _begun;

    private PeerProcess(Process process, PeerPlan plan, FlowRecord record)
    {
        (_process, _count, _record) = (process, plan.Count, record);
        _reading = ReadAsync();
    }

    /// <summary>How many messages the broker said it has of it.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>How often its handler began.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>How many messages there will be of it: no more than it has published once it is dead.</summary>
    public int Expected => _process.HasExited ? Taken : _count;

    /// <summary>Starts one.</summary>
    /// <param name="plan">What it has to do.</param>
    /// <param name="record">Is told of all that happens.</param>
    public static PeerProcess Start(PeerPlan plan, FlowRecord record)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Bridge.PubSub.Peer");
        var start = new ProcessStartInfo(program, [JsonSerializer.Serialize(plan)]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return new PeerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} didn't start."), plan, record);
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
                Note(new FlowEvent(long.Parse(at, CultureInfo.InvariantCulture), what, text));
            }
        }

        if (await errors is { Length: > 0 } error)
        {
            _record.Note(new FlowEvent(Stopwatch.GetTimestamp(), FlowRecord.Failed, error));
        }
    }

    private void Note(FlowEvent entry)
    {
        _record.Note(entry);
        if (entry.What == FlowRecord.Taken)
        {
            Interlocked.Increment(ref _taken);
        }
        else if (entry.What == FlowRecord.Begun)
        {
            Interlocked.Increment(ref _begun);
        }
    }
}

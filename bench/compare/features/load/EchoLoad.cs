using System.Diagnostics;
using System.Globalization;

namespace Features.Load;

/// <summary>
/// One message in flight on each socket: the echoes are read in the sockets' order and answered at once, so nothing has to ask which socket
/// is ready.
/// </summary>
/// <param name="sockets">Open ones without messages in flight.</param>
internal sealed class EchoLoad(EchoSocket[] sockets)
{
    /// <summary>Sends and receives for some time.</summary>
    public EchoResult Run(TimeSpan time)
    {
        var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var messages = 0L;
        foreach (var socket in sockets)
        {
            socket.Send();
        }

        while (watch.Elapsed < time)
        {
            foreach (var socket in sockets)
            {
                socket.Receive();
                socket.Send();
            }

            messages += sockets.Length;
        }

        var elapsed = watch.Elapsed;
        var busy = (Environment.CpuUsage.TotalTime - processor) / elapsed;
        foreach (var socket in sockets)
        {
            socket.Receive();
        }

        return new EchoResult(messages, elapsed.TotalSeconds, busy);
    }
}

/// <summary>What came of it.</summary>
/// <param name="Messages">Messages that came back.</param>
/// <param name="Seconds">The time they took.</param>
/// <param name="ClientBusy">The share of one processor that the load itself took.</param>
internal sealed record EchoResult(long Messages, double Seconds, double ClientBusy)
{
    /// <summary>One line of JSON.</summary>
    public string ToJson() =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"messages":{{Messages}},"seconds":{{Seconds}},"clientBusy":{{ClientBusy}}}""");
}

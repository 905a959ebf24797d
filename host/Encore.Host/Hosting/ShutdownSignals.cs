using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Encore.Host.Hosting;

/// <summary>SIGINT (Ctrl-C) and SIGTERM: the first asks for a graceful end, one that comes later ends the process at once.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    // The shell's convention for a process that a signal ended: 128 + its number.
    private const int SignalExitBase = 128;

    // One Ctrl-C can arrive twice: from the terminal, which sends it to all processes in the foreground, and from npm among them, which passes it on.
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    public ShutdownSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Receive(context, number: 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Receive(context, number: 15)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    private void Receive(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        var first = Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), comparand: 0);
        if (first == 0)
        {
            _requested.Cancel();
        }
        else if (Stopwatch.GetElapsedTime(first) > SameSignal)
        {
            Environment.Exit(SignalExitBase + number);
        }
    }
}

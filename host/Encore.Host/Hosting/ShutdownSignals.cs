using System.Runtime.InteropServices;

namespace Encore.Host.Hosting;

/// <summary>SIGINT (Ctrl-C) and SIGTERM: the first asks for a graceful end, the second ends the process at once.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    // The shell's convention for a process that a signal ended: 128 + its number.
    private const int SignalExitBase = 128;

    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

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
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(SignalExitBase + number);
        }

        _requested.Cancel();
    }
}

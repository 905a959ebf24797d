using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Encore.Host.Transport;

/// <content>From the server to the socket.</content>
internal sealed partial class EpollConnection
{
    /// <summary>Pieces that one system call sends: 64 KiB of blocks, what the server may have unsent.</summary>
    private const int PartsACall = 16;

    private readonly LoopSignal _writable = new();
    private bool _socketIsOpen = true;

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (!SendUnsent(await _output.ReadAsync(), out var isFull, out error))
            {
                if (isFull)
                {
                    await _writable.WaitAsync();
                }
            }
        }
        finally
        {
            EndSend(error);
        }
    }

    /// <summary>Sends as much as the socket takes.</summary>
    /// <param name="unsent">What there is to send.</param>
    /// <param name="isFull">Whether the socket takes no more for now.</param>
    /// <param name="error">Why the rest can't be sent; null where it can.</param>
    /// <returns>Whether nothing more is to be sent.</returns>
    private bool SendUnsent(in ReadResult unsent, out bool isFull, out Exception? error)
    {
        (isFull, error) = (false, null);
        if (unsent.IsCanceled)
        {
            return true;
        }

        var bytes = unsent.Buffer;
        while (!bytes.IsEmpty && !isFull && error is null)
        {
            var sent = bytes.IsSingleSegment ? TrySend(bytes.FirstSpan) : TrySend(bytes);
            if (sent >= 0)
            {
                bytes = bytes.Slice(sent);
                continue;
            }

            var code = Marshal.GetLastPInvokeError();
            isFull = code == Libc.WouldBlockError;
            error = code is Libc.WouldBlockError or Libc.InterruptedError ? null : new ConnectionResetException(Marshal.GetPInvokeErrorMessage(code));
        }

        _output.AdvanceTo(bytes.Start);
        return error is not null || (unsent.IsCompleted && bytes.IsEmpty);
    }

    private unsafe nint TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Libc.Send(_descriptor, start, (nuint)bytes.Length, Libc.DontWait | Libc.NoSignal);
        }
    }

    private unsafe nint TrySend(ReadOnlySequence<byte> bytes)
    {
        var parts = stackalloc Libc.Part[PartsACall];
        var pins = default(Pins);
        var count = 0;
        foreach (var segment in bytes)
        {
            if (count == PartsACall)
            {
                break;
            }

            pins[count] = segment.Pin();
            parts[count] = new Libc.Part { Start = pins[count].Pointer, Length = (nuint)segment.Length };
            count++;
        }

        var message = new Libc.MessageHeader { Parts = parts, PartCount = (nuint)count };
        var sent = Libc.SendMessage(_descriptor, &message, Libc.DontWait | Libc.NoSignal);
        for (var i = 0; i < count; i++)
        {
            pins[i].Dispose();
        }

        return sent;
    }

    private void EndSend(Exception? error)
    {
        _sendEnded = true;
        _output.Complete(error);
        ShutDown();
        EndReceive(_abortReason);
        CloseWhenDone();
    }

    [InlineArray(PartsACall)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}

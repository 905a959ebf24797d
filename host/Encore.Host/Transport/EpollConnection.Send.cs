using System.Buffers;
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
            while (error is null)
            {
                var result = await _output.ReadAsync();
                if (result.IsCanceled)
                {
                    break;
                }

                error = await SendAllAsync(result.Buffer);
                _output.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        finally
        {
            EndSend(error);
        }
    }

    /// <returns>Why it wasn't all sent; null where it was.</returns>
    private async ValueTask<Exception?> SendAllAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = bytes.IsSingleSegment ? TrySend(bytes.FirstSpan) : TrySend(bytes);
            if (sent >= 0)
            {
                bytes = bytes.Slice(sent);
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.InterruptedError:
                    break;
                case Libc.WouldBlockError:
                    await _writable.WaitAsync();
                    break;
                case var error:
                    return new ConnectionResetException(Marshal.GetPInvokeErrorMessage(error));
            }
        }

        return null;
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

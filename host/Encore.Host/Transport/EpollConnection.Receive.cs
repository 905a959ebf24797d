using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Encore.Host.Transport;

/// <content>From the socket to the server.</content>
internal sealed partial class EpollConnection
{
    // A client that sends without end lets the loop's other connections have their turn after this many reads.
    private const int ReadsARound = 16;

    // A system call for less room than this costs more than a new block.
    private const int SmallestRoom = BlockPool.BlockBytes / 2;

    private readonly LoopSignal _readable = new();
    private bool _peerClosed;
    private bool _receiveEnded;

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        for (var reads = 0; !_receiveEnded; reads++)
        {
            var room = _input.GetMemory(SmallestRoom);
            var received = Receive(room.Span);
            if (received <= 0)
            {
                if (HasEnded(received, out error))
                {
                    break;
                }

                await _readable.WaitAsync();
                continue;
            }

            // The flush runs the server: it handles what has come as far as it goes.
            _input.Advance((int)received);
            var flush = _input.FlushAsync();
            var hasPaused = !flush.IsCompleted;
            if ((await flush) is { IsCompleted: true } or { IsCanceled: true })
            {
                break;
            }

            if (reads % ReadsARound == ReadsARound - 1)
            {
                _loop.Post(static state => ((EpollConnection)state!)._readable.Set(), this);
                await _readable.WaitAsync();
            }
            else if (received < room.Length && !hasPaused && !_peerClosed && !_receiveEnded)
            {
                // Less than there was room for is all there is, and epoll tells of more. Not so after a pause, in which it may have told
                // already, nor when the peer has closed, which it tells once.
                await _readable.WaitAsync();
            }
        }

        EndReceive(error);
    }

    private unsafe nint Receive(Span<byte> room)
    {
        fixed (byte* start = room)
        {
            return Libc.Receive(_descriptor, start, (nuint)room.Length, Libc.DontWait);
        }
    }

    /// <summary>What it means that nothing was received.</summary>
    private bool HasEnded(nint received, out Exception? error)
    {
        var code = received == 0 ? 0 : Marshal.GetLastPInvokeError();
        error = _abortReason;
        if (code is Libc.WouldBlockError)
        {
            return false;
        }

        if (code != 0)
        {
            error ??= new ConnectionResetException(Marshal.GetPInvokeErrorMessage(code));
        }

        return true;
    }

    /// <summary>The client sends no more, or nobody reads it.</summary>
    private void EndReceive(Exception? error)
    {
        if (!_receiveEnded)
        {
            _receiveEnded = true;
            _input.Complete(error);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            _readable.Set();
            CloseWhenDone();
        }
    }
}

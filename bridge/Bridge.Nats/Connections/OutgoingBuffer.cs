using System.Buffers;
using System.Threading.Channels;

namespace Bridge.Nats.Connections;

/// <summary>
/// What is to be sent: filled by many, sent by one, so that whatever comes while a write is under way goes with the next one.
/// Those that send much wait while it is full; the few bytes that keep a connection going never do. Thread: any.
/// </summary>
internal sealed class OutgoingBuffer(Stream stream)
{
    // Past this, more in memory sends nothing earlier.
    private const int FullAt = 1 << 20;

    // What a rare big message made of the buffer is given back.
    private const int KeptCapacity = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ArrayBufferWriter<byte> _filling = new(1 << 16);
    private ArrayBufferWriter<byte> _sending = new(1 << 16);
    private TaskCompletionSource? _sent;
    private bool _isEnded;

    /// <summary>Waits until there is room.</summary>
    internal ValueTask WhenRoomAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_filling.WrittenCount < FullAt || _isEnded)
            {
                return ValueTask.CompletedTask;
            }

            _sent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_sent.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>Adds something to what is to be sent.</summary>
    /// <param name="state">What the writer needs.</param>
    /// <param name="write">Writes whole operations. It runs under the buffer's lock.</param>
    /// <returns>Whether it will be sent, unless the connection breaks; false where it has.</returns>
    internal bool Write<TState>(TState state, Action<IBufferWriter<byte>, TState> write)
        where TState : allows ref struct
    {
        lock (_lock)
        {
            if (_isEnded)
            {
                return false;
            }

            write(_filling, state);
        }

        _work.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Sends until the connection breaks or is to end.</summary>
    internal async Task SendAsync(CancellationToken cancellation)
    {
        while (await _work.Reader.WaitToReadAsync(cancellation))
        {
            _work.Reader.TryRead(out _);
            TaskCompletionSource? sent;
            lock (_lock)
            {
                (_filling, _sending) = (_sending, _filling);
                (sent, _sent) = (_sent, null);
            }

            sent?.SetResult();
            if (_sending.WrittenCount > 0)
            {
                await stream.WriteAsync(_sending.WrittenMemory, cancellation);
            }

            if (_sending.Capacity > KeptCapacity)
            {
                _sending = new ArrayBufferWriter<byte>(1 << 16);
            }
            else
            {
                _sending.ResetWrittenCount();
            }
        }
    }

    /// <summary>Takes nothing any more, and lets go those that wait for room.</summary>
    internal void End()
    {
        TaskCompletionSource? sent;
        lock (_lock)
        {
            _isEnded = true;
            (sent, _sent) = (_sent, null);
        }

        sent?.SetResult();
    }
}

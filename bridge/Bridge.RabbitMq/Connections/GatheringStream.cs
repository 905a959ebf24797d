using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Bridge.RabbitMq.Connections;

/// <summary>
/// A connection's bytes in great pieces: what is written while others are being sent leaves with one call of the system, and one call reads all
/// that there is. Thread: one writes and one reads at a time.
/// </summary>
/// <remarks>
/// The client writes each frame by itself and reads 4 KiB at a time: that many calls cost more than all else that happens to a small message, here
/// and at the server, which is woken by each.
/// </remarks>
/// <param name="socket">The connection. It stays its owner's to end.</param>
internal sealed class GatheringStream(Socket socket) : NetworkStream(socket, ownsSocket: false), IThreadPoolWorkItem
{
    // As much as a read takes, and as waits to be sent before whoever writes has to wait too: some hundreds of small messages.
    private const int Piece = 64 * 1024;

    // A large message is one piece. The memory that such a one took isn't kept.
    private const int MostKept = 4 * Piece;

    // What a connection that ends is given to take what was written last: one that is broken never does.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly byte[] _read = GC.AllocateUninitializedArray<byte>(Piece, pinned: true);
    private int _readStart;
    private int _readEnd;

    // Guarded by the lock, but for the one that is being sent.
    private ArrayBufferWriter<byte> _waiting = new(Piece);
    private ArrayBufferWriter<byte> _leaving = new(Piece);
    private TaskCompletionSource? _sending;
    private TaskCompletionSource? _room;
    private Exception? _failure;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var room = AddAsync(buffer.Span);
        return room.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(room.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <remarks>It doesn't wait.</remarks>
    public override void Write(ReadOnlySpan<byte> buffer) => _ = AddAsync(buffer);

    /// <inheritdoc/>
    /// <remarks>It doesn't wait.</remarks>
    public override void Write(byte[] buffer, int offset, int count) => _ = AddAsync(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _readStart < _readEnd ? new(TakeRead(buffer.Span)) : FillAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <remarks>What was written last leaves first.</remarks>
    public override async ValueTask DisposeAsync()
    {
        Task? sending;
        lock (_lock)
        {
            sending = _sending?.Task;
        }

        if (sending is not null)
        {
            await sending.WaitAsync(Farewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.DisposeAsync();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    /// <returns>Done once there is room for more.</returns>
    private Task AddAsync(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_failure is { } failure)
            {
                throw new IOException(failure.Message, failure);
            }

            _waiting.Write(bytes);
            if (_sending is null)
            {
                // Not on this thread: other frames come right behind this one.
                _sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            return _waiting.WrittenCount < Piece ? Task.CompletedTask : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (Next() is { } bytes)
            {
                await base.WriteAsync(bytes);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            Fail(error);
        }
    }

    /// <returns>What is to be sent; null where nothing is any more.</returns>
    private ReadOnlyMemory<byte>? Next()
    {
        TaskCompletionSource? done;
        ReadOnlyMemory<byte>? next = null;
        lock (_lock)
        {
            if (_waiting.WrittenCount == 0)
            {
                (done, _sending) = (_sending, null);
            }
            else
            {
                if (_leaving.Capacity > MostKept)
                {
                    _leaving = new ArrayBufferWriter<byte>(Piece);
                }

                _leaving.ResetWrittenCount();
                (_leaving, _waiting) = (_waiting, _leaving);
                (done, _room) = (_room, null);
                next = _leaving.WrittenMemory;
            }
        }

        done?.SetResult();
        return next;
    }

    private void Fail(Exception error)
    {
        TaskCompletionSource? sending;
        TaskCompletionSource? room;
        lock (_lock)
        {
            _failure = error;
            (sending, _sending, room, _room) = (_sending, null, _room, null);
        }

        // The next write fails by it.
        room?.SetResult();
        sending?.SetResult();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (buffer.Length >= Piece)
        {
            return await base.ReadAsync(buffer, cancellation);
        }

        _readEnd = await base.ReadAsync(_read, cancellation);
        _readStart = 0;
        return TakeRead(buffer.Span);
    }

    private int TakeRead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _readEnd - _readStart);
        _read.AsSpan(_readStart, count).CopyTo(buffer);
        _readStart += count;
        return count;
    }
}

namespace Bridge.Nsq.Compression;

/// <summary>A connection whose two directions are compressed, each by itself. Thread: one that reads, one that writes, and any that disposes.</summary>
/// <remarks>
/// Disposed of while it reads or writes, it ends the connection at once, by which those end, and what compresses goes with the last of them:
/// under one that runs it can't be taken away.
/// </remarks>
internal abstract class CompressedStream : Stream
{
    private readonly string _name;
    private int _isDisposed;

    // One for the owner, one for each that reads or writes.
    private int _uses = 1;

    /// <param name="transport">The connection; ends with this.</param>
    /// <param name="name">How it is compressed, for errors.</param>
    protected CompressedStream(Stream transport, string name)
    {
        Transport = transport;
        _name = name;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The connection.</summary>
    protected Stream Transport { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">What comes isn't compressed so.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter();
        try
        {
            return await DecodeAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"what came isn't compressed by {_name}: {error.Message}", error);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter();
        try
        {
            await EncodeAsync(buffer, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            await EndBatchAsync(cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Gives bytes as soon as there are any; 0 when the connection has ended.</summary>
    protected abstract ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Takes bytes; they may wait for <see cref="EndBatchAsync"/>.</summary>
    protected abstract ValueTask EncodeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Sends all that was taken, so that the other end can read it.</summary>
    protected abstract Task EndBatchAsync(CancellationToken cancellation);

    /// <summary>Gives back what compresses, where that holds more than memory. Once, when nobody reads or writes any more.</summary>
    protected virtual void Release()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Transport.Dispose();
            Leave();
        }

        base.Dispose(disposing);
    }

    private void Enter()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            ObjectDisposedException.ThrowIf(uses == 0, this);
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            Release();
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;

namespace Encore.Host.Transport;

/// <summary>Blocks of pinned memory for the connections of all loops.</summary>
/// <remarks>
/// Pinned from the start, so that a system call needs no pinning of its own. Idle connections hold no block; how many there are follows from
/// how many requests were in work at once. Thread: any.
/// </remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>What a block holds, in bytes: most requests and most answers.</summary>
    internal const int BlockBytes = 4096;

    // 8 MiB that stay; what a burst takes beyond that goes back to the collector.
    private const int MostKept = 2048;

    private readonly ConcurrentQueue<Block> _free = new();
    private int _kept;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_free.TryDequeue(out var block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _kept);
        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Blocks are plain managed memory.
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _kept) <= MostKept)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } =
            System.Runtime.InteropServices.MemoryMarshal.CreateFromPinnedArray(
                GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;
using Bridge.Core.Operations;

namespace Bridge.Core.Isolates;

/// <summary>
/// The answers and messages of one flush: their bytes in one pooled array, and the calls and streams that wait for them.
/// </summary>
/// <remarks>
/// Filled on the isolate's thread, then completed by others so that the isolate goes on: by the loops that made the calls, or by the thread
/// pool, where several workers may complete one batch and each takes the next call. Ownership: every answer holds the bytes until it is
/// disposed; the last one returns them.
/// </remarks>
internal sealed class AnswerBatch : IThreadPoolWorkItem
{
    /// <summary>Answers for which one worker is enough: below this, waking a second thread costs more than it saves.</summary>
    private const int AnswersPerWorker = 16;

    private static readonly ConcurrentQueue<AnswerBatch> Pool = new();

    private readonly List<RequestLoop> _loops = [];
    private LoopItem[] _calls = new LoopItem[32];
    private byte[] _bytes = [];
    private int _count;
    private int _pooled;
    private int _next;
    private int _holders;

    private AnswerBatch()
    {
    }

    internal ReadOnlySpan<byte> Bytes(int offset, int length) => _bytes.AsSpan(offset, length);

    internal static AnswerBatch Rent(int capacity)
    {
        if (!Pool.TryDequeue(out var batch))
        {
            batch = new AnswerBatch();
        }

        if (batch._calls.Length < capacity)
        {
            batch._calls = new LoopItem[capacity];
        }

        batch._count = 0;
        batch._holders = 1;
        batch._next = 0;
        return batch;
    }

    /// <summary>Takes over the texts.</summary>
    /// <returns>True when they are ASCII, so that offsets in characters are offsets in bytes.</returns>
    internal bool TakeAscii(ReadOnlySpan<char> texts)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(texts.Length, 1));
        return Ascii.FromUtf16(texts, _bytes, out _) == OperationStatus.Done;
    }

    /// <summary>Makes room for texts of which some are not ASCII: UTF-8 takes at most three bytes a UTF-16 unit.</summary>
    internal void ReserveUtf8(int characters)
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(checked(characters * 3));
    }

    /// <summary>Appends a text as UTF-8 at <paramref name="offset"/>; lone surrogates become U+FFFD.</summary>
    /// <returns>Bytes written.</returns>
    internal int WriteUtf8(ReadOnlySpan<char> text, int offset)
    {
        Utf8.FromUtf16(text, _bytes.AsSpan(offset), out _, out var written, replaceInvalidSequences: true);
        return written;
    }

    /// <summary>One more text of the batch has a reader, who ends his hold with <see cref="Release"/>.</summary>
    /// <remarks>Streams read as soon as they find something, also before the batch is handed over.</remarks>
    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Somebody to be told when the batch is handed over.</summary>
    internal void Add(LoopItem item) => _calls[_count++] = item;

    /// <summary>
    /// Gives the answers to the loops that made the calls, and those of other threads' calls to the thread pool. Thread: the isolate's.
    /// </summary>
    internal void HandOver()
    {
        // One hold for every text, one for every worker still looking for more, and one for whoever fills the batch until the end of this
        // method: none is recycled under them.
        var pooled = 0;
        for (var i = 0; i < _count; i++)
        {
            pooled += _calls[i].Loop is null ? 1 : 0;
        }

        var workers = Math.Min((pooled + AnswersPerWorker - 1) / AnswersPerWorker, Environment.ProcessorCount);
        Interlocked.Add(ref _holders, workers);
        GiveToLoops();
        for (var i = 0; i < workers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        Release();
    }

    /// <summary>Ends one hold.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            Array.Clear(_calls, 0, _count);
            Pool.Enqueue(this);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        OperationRound.Begin();
        try
        {
            int index;
            while ((index = Interlocked.Increment(ref _next) - 1) < _pooled)
            {
                _calls[index].Complete();
            }
        }
        finally
        {
            OperationRound.End();
        }

        Release();
    }

    /// <summary>Leaves the other calls at the front of the list.</summary>
    private void GiveToLoops()
    {
        _pooled = 0;
        for (var i = 0; i < _count; i++)
        {
            var call = _calls[i];
            if (call.Loop is not { } loop)
            {
                _calls[_pooled++] = call;
                continue;
            }

            loop.Add(call);
            if (!_loops.Contains(loop))
            {
                _loops.Add(loop);
            }
        }

        // Once all its answers are there, so that one round serves them.
        foreach (var loop in _loops)
        {
            loop.Wake();
        }

        _loops.Clear();
    }
}

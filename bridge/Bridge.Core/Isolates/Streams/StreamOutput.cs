using System.Collections.Concurrent;

namespace Bridge.Core.Isolates.Streams;

/// <summary>What a script says to its stream; pooled.</summary>
/// <remarks>Ownership: whoever took it disposes it exactly once, when it is read; the bytes end with that.</remarks>
public sealed class StreamOutput : IDisposable
{
    private static readonly ConcurrentQueue<StreamOutput> Pool = new();

    private AnswerBatch? _batch;
    private int _offset;
    private int _length;

    private StreamOutput()
    {
    }

    /// <summary>What it is.</summary>
    public StreamOutputKind Kind { get; private set; }

    /// <summary>Of a message: <c>JSON.stringify</c> of it, UTF-8.</summary>
    public ReadOnlySpan<byte> Json => _batch is null ? default : _batch.Bytes(_offset, _length);

    /// <summary>Of a grant: how many of the client's messages have been taken.</summary>
    public int Count { get; private set; }

    /// <summary>Of a message: its text's length in the script, by which the script counts.</summary>
    public int Units { get; private set; }

    /// <summary>The one after it; null for the last.</summary>
    public StreamOutput? Next { get; internal set; }

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        _batch?.Release();
        _batch = null;
        Next = null;
        Pool.Enqueue(this);
    }

    /// <param name="kind">What it is.</param>
    /// <param name="count">As <see cref="Count"/>.</param>
    /// <param name="units">As <see cref="Units"/>.</param>
    /// <param name="batch">Holds the bytes, and is held by this one already; null where there are none.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="length">How many.</param>
    internal static StreamOutput Rent(StreamOutputKind kind, int count, int units, AnswerBatch? batch, int offset, int length)
    {
        if (!Pool.TryDequeue(out var output))
        {
            output = new StreamOutput();
        }

        (output.Kind, output.Count, output.Units) = (kind, count, units);
        (output._batch, output._offset, output._length) = (batch, offset, length);
        return output;
    }
}

/// <summary>Kinds of <see cref="StreamOutput"/>; the values are those of <c>AnswerStatus</c> in <c>ts-sdk/src/internal/layout.ts</c>.</summary>
public enum StreamOutputKind
{
    /// <summary>Whatever decides of the call has let it pass: the stream is to be opened.</summary>
    Opened = 6,

    /// <summary>A message for the client.</summary>
    Message = 7,

    /// <summary>The script has taken messages of the client's, and has room for as many.</summary>
    Grant = 8,

    /// <summary>The handler has closed the stream.</summary>
    Close = 9,
}

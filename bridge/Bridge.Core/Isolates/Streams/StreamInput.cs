using System.Collections.Concurrent;
using Bridge.Core.Buffers;

namespace Bridge.Core.Isolates.Streams;

/// <summary>What a stream says to its script; pooled.</summary>
/// <remarks>Ownership: the queue's, and the isolate's once it is taken from there.</remarks>
internal sealed class StreamInput : WorkItem
{
    private static readonly ConcurrentQueue<StreamInput> Pool = new();

    private StreamInput()
    {
    }

    /// <summary>A message, the end of input, or a credit.</summary>
    internal ItemKind Kind { get; private set; }

    /// <summary>The stream; null once this is released.</summary>
    internal CallStream? Stream { get; private set; }

    /// <summary>Of a message: 1 if the script is to grant room as soon as it has taken this one. Of the end: 1 if nobody hears answers any more. Of a credit: messages.</summary>
    internal int Detail { get; private set; }

    /// <summary>Of a credit: units of their texts.</summary>
    internal int Units { get; private set; }

    /// <summary>The message; null for none.</summary>
    internal PooledBuffer? Payload { get; private set; }

    internal static StreamInput Rent(CallStream stream, ItemKind kind, int detail, int units = 0, PooledBuffer? payload = null)
    {
        if (!Pool.TryDequeue(out var input))
        {
            input = new StreamInput();
        }

        (input.Stream, input.Kind, input.Detail, input.Units, input.Payload) = (stream, kind, detail, units, payload);
        return input;
    }

    /// <summary>Gives everything back.</summary>
    internal void Release()
    {
        Payload?.Dispose();
        Payload = null;
        Stream = null;
        Pool.Enqueue(this);
    }
}

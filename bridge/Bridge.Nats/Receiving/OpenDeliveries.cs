using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Bridge.Nats.Receiving;

/// <summary>The messages that a source has handed out and whose deliveries haven't ended, by their reply subjects. Thread: any.</summary>
internal sealed class OpenDeliveries
{
    // The array behind a reply subject is its message's own, so that it names the message.
    private readonly ConcurrentDictionary<byte[], ReadOnlyMemory<byte>> _replies = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds one that begins.</summary>
    internal void Add(ReadOnlyMemory<byte> reply) => _replies[ArrayOf(reply)] = reply;

    /// <summary>Removes one that has ended.</summary>
    internal void Remove(ReadOnlyMemory<byte> reply) => _replies.TryRemove(ArrayOf(reply), out _);

    /// <summary>Removes all that there are.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> TakeAll() =>
        _replies.Keys.Select(key => _replies.TryRemove(key, out var reply) ? reply : default).Where(reply => !reply.IsEmpty);

    private static byte[] ArrayOf(ReadOnlyMemory<byte> reply) =>
        MemoryMarshal.TryGetArray(reply, out var segment) ? segment.Array! : throw new ArgumentException("It isn't a message's.", nameof(reply));
}

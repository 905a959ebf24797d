using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Receiving;

/// <summary>The messages that a source has handed out and whose deliveries haven't ended, by their reply subjects. Thread: any.</summary>
internal sealed class OpenDeliveries
{
    // The array behind a reply subject is its message's own, so that it names the message.
    private readonly ConcurrentDictionary<byte[], NatsMessage> _messages = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds one that begins.</summary>
    internal void Add(in NatsMessage message) => _messages[ArrayOf(message)] = message;

    /// <summary>Removes one that has ended.</summary>
    internal void Remove(in NatsMessage message) => _messages.TryRemove(ArrayOf(message), out _);

    /// <summary>Removes all that there are.</summary>
    internal IEnumerable<NatsMessage> TakeAll()
    {
        foreach (var key in _messages.Keys)
        {
            if (_messages.TryRemove(key, out var message))
            {
                yield return message;
            }
        }
    }

    private static byte[] ArrayOf(in NatsMessage message) =>
        MemoryMarshal.TryGetArray(message.Reply, out var segment) ? segment.Array! : throw new ArgumentException("It isn't a message's.", nameof(message));
}

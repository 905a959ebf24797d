namespace Bridge.RabbitMq.Receiving;

/// <summary>What a channel is to say for messages to be acknowledged, in this order.</summary>
/// <param name="UpTo">Acknowledges all that are outstanding at the server up to this one; 0 for none.</param>
/// <param name="Singly">Each acknowledges one message.</param>
internal readonly record struct Acknowledgement(ulong UpTo, ReadOnlyMemory<ulong> Singly);

/// <summary>The names of the messages that a channel has brought and that the server hasn't heard of. Thread: any.</summary>
/// <remarks>
/// A server searches its list of what it hasn't heard of for each name; one word about the beginning of the list costs as much as one about a message.
/// </remarks>
internal sealed class OutstandingTags
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _tags = [];

    // Invariant: the server numbers from 1, and has heard of all below.
    private ulong _lowest = 1;
    private ulong _next = 1;

    /// <summary>How many they are.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _tags.Count;
            }
        }
    }

    /// <summary>A message has come.</summary>
    internal void Add(ulong tag)
    {
        lock (_lock)
        {
            // One that the client didn't hand on stays outstanding: nobody has handled it.
            for (; _next < tag; _next++)
            {
                _tags.Add(_next);
            }

            _tags.Add(tag);
            _next = tag + 1;
        }
    }

    /// <summary>The server is about to hear of a message by itself.</summary>
    internal void Remove(ulong tag)
    {
        lock (_lock)
        {
            _tags.Remove(tag);
        }
    }

    /// <summary>The server is about to hear that messages are handled. What is said has to get there before what is said of others.</summary>
    /// <param name="tags">The messages, all outstanding. They are sorted.</param>
    internal Acknowledgement Acknowledge(Memory<ulong> tags)
    {
        tags.Span.Sort();
        lock (_lock)
        {
            foreach (var tag in tags.Span)
            {
                _tags.Remove(tag);
            }

            while (_lowest < _next && !_tags.Contains(_lowest))
            {
                _lowest++;
            }

            // The server knows the last of those only: one that it has heard of is no message to it.
            var below = ~tags.Span.BinarySearch(_lowest);
            return below > 0 ? new Acknowledgement(tags.Span[below - 1], tags[below..]) : new Acknowledgement(0, tags);
        }
    }
}

using Bridge.GooglePubSub.Protocol;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>
/// The messages that this process has of one subscription: what can be handed out, what is out, and what waits behind an unfinished one of its
/// key. Thread: under the source's lock.
/// </summary>
internal sealed class HeldMessages
{
    private readonly Dictionary<string, HeldMessage> _all = new(StringComparer.Ordinal);
    private readonly Queue<HeldMessage> _ready = new();

    // Of each key with an unfinished message, those that wait for it.
    private readonly Dictionary<string, Queue<HeldMessage>> _lines = new(StringComparer.Ordinal);

    /// <summary>Whether one can be handed out.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Those that nobody handles: their leases are kept by the source.</summary>
    public HeldMessage[] Waiting() => [.. _all.Values.Where(message => !message.IsOut)];

    /// <summary>All.</summary>
    public HeldMessage[] All() => [.. _all.Values];

    /// <summary>Adds one that came. What is here already came again because its deadline was over: it is the same, under a new name.</summary>
    public void Add(ReceivedMessage received)
    {
        if (_all.TryGetValue(received.Message.MessageId, out var known))
        {
            known.AckId = received.AckId;
            known.CountedAttempt = received.DeliveryAttempt;
            return;
        }

        var message = new HeldMessage(received);
        _all[received.Message.MessageId] = message;
        if (message.Key.Length == 0 || _lines.TryAdd(message.Key, new Queue<HeldMessage>()))
        {
            _ready.Enqueue(message);
        }
        else
        {
            _lines[message.Key].Enqueue(message);
        }
    }

    /// <summary>Hands one out.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HeldMessage? message)
    {
        while (_ready.TryDequeue(out message))
        {
            if (Has(message))
            {
                message.IsOut = true;
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one is still here.</summary>
    public bool Has(HeldMessage message) => _all.GetValueOrDefault(message.Message.MessageId) == message;

    /// <summary>One that was put aside can be handed out again.</summary>
    public void MakeReady(HeldMessage message)
    {
        if (Has(message))
        {
            _ready.Enqueue(message);
        }
    }

    /// <summary>One has ended well: the next of its key can be handed out.</summary>
    public void End(HeldMessage message)
    {
        if (!Has(message))
        {
            return;
        }

        _all.Remove(message.Message.MessageId);
        if (message.Key.Length > 0 && _lines.TryGetValue(message.Key, out var line))
        {
            if (line.TryDequeue(out var next))
            {
                _ready.Enqueue(next);
            }
            else
            {
                _lines.Remove(message.Key);
            }
        }
    }

    /// <summary>One goes back to the service, and all that wait behind it with it.</summary>
    /// <returns>Those that go back, in their order.</returns>
    public List<HeldMessage> Break(HeldMessage message)
    {
        if (!Has(message))
        {
            return [];
        }

        var broken = new List<HeldMessage> { message };
        if (message.Key.Length > 0 && _lines.Remove(message.Key, out var line))
        {
            broken.AddRange(line);
        }

        broken.ForEach(member => _all.Remove(member.Message.MessageId));
        return broken;
    }

    /// <summary>What could be handed out goes back.</summary>
    public List<HeldMessage> BreakReady()
    {
        var broken = new List<HeldMessage>();
        while (_ready.TryDequeue(out var message))
        {
            broken.AddRange(Break(message));
        }

        return broken;
    }
}

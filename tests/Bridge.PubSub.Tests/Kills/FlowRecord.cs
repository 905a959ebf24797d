using Bridge.PubSub.Peer;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>Something that happened in a process.</summary>
/// <param name="At">When, by a clock that all processes of the machine share.</param>
/// <param name="What">What: a name of <see cref="FlowRecord"/>.</param>
/// <param name="Text">To which message, or an error.</param>
internal readonly record struct FlowEvent(long At, string What, string Text);

/// <summary>All that processes write of messages. Thread: any.</summary>
internal sealed class FlowRecord
{
    /// <summary>The broker confirmed a message.</summary>
    public const string Taken = "taken";

    /// <summary>A handler began with it.</summary>
    public const string Begun = "begun";

    /// <summary>A handler was done with it.</summary>
    public const string Handled = "handled";

    /// <summary>A handler failed with it for the last time.</summary>
    public const string Spent = "spent";

    /// <summary>What must not happen did.</summary>
    public const string Failed = "failed";

    private readonly Lock _lock = new();
    private readonly List<FlowEvent> _events = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _finished = new(StringComparer.Ordinal);
    private int _outstanding;

    /// <summary>How many messages brokers have confirmed.</summary>
    public int TakenCount => Read(() => _taken.Count);

    /// <summary>How many messages were handled or failed for good.</summary>
    public int FinishedCount => Read(() => _finished.Count);

    /// <summary>How many confirmed ones weren't, yet.</summary>
    public int OutstandingCount => Read(() => _outstanding);

    /// <summary>Takes note of something.</summary>
    public void Note(FlowEvent entry)
    {
        lock (_lock)
        {
            _events.Add(entry);
            switch (entry.What)
            {
                case Taken:
                    _outstanding += _taken.Add(entry.Text) && !_finished.Contains(entry.Text) ? 1 : 0;
                    break;
                case Handled or Spent:
                    _outstanding -= _finished.Add(entry.Text) && _taken.Contains(entry.Text) ? 1 : 0;
                    break;
            }
        }
    }

    /// <summary>How often something happened.</summary>
    public int CountOf(string what) => Read(() => _events.Count(entry => entry.What == what));

    /// <summary>What it was about, each time it happened.</summary>
    public IReadOnlyList<string> TextsOf(string what) => Read<string[]>(() => [.. _events.Where(entry => entry.What == what).Select(entry => entry.Text)]);

    /// <summary>Confirmed messages that nobody finished.</summary>
    public IReadOnlyList<string> Missing() => Read<string[]>(() => [.. _taken.Where(text => !_finished.Contains(text))]);

    /// <summary>Confirmed messages that have to be dead letters.</summary>
    public IReadOnlyList<string> Poison() => Read<string[]>(() => [.. _taken.Where(text => PeerMessage.Parse(text).IsPoison)]);

    /// <summary>What happened to each key's messages, in the order of time.</summary>
    public IReadOnlyList<FlowKey> Keys() => Read<FlowKey[]>(() =>
    [
        .. _events.Where(entry => entry.What is Begun or Handled or Spent).OrderBy(entry => entry.At)
            .GroupBy(entry => PeerMessage.Parse(entry.Text).Key, StringComparer.Ordinal).Select(group => new FlowKey(group.Key, [.. group])),
    ]);

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}

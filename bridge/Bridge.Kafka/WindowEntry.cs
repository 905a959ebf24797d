using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>A record that was read and isn't committed yet. Thread: under the source's lock.</summary>
/// <param name="window">The partition's.</param>
/// <param name="offset">Its place there.</param>
/// <param name="message">What is there; let go of when it is done with.</param>
/// <param name="notes">What the host wrote beside it; null in the application's own topic.</param>
/// <param name="key">Its ordering key; null where its order doesn't matter.</param>
internal sealed class WindowEntry(PartitionWindow window, long offset, Message<byte[], byte[]> message, RecordNotes? notes, string? key)
{
    /// <summary>The partition's window.</summary>
    public PartitionWindow Window => window;

    /// <summary>Its place in the partition.</summary>
    public long Offset => offset;

    /// <summary>What is there; null when done.</summary>
    public Message<byte[], byte[]>? Message { get; private set; } = message;

    /// <summary>What the host wrote beside it; null in the application's own topic.</summary>
    public RecordNotes? Notes => notes;

    /// <summary>Its ordering key; null where its order doesn't matter.</summary>
    public string? Key => key;

    /// <summary>How much memory it holds, about.</summary>
    public int Size { get; } = 256 + (message.Value?.Length ?? 0);

    /// <summary>Where it stands.</summary>
    public EntryState State { get; set; }

    /// <summary>Which attempt it is, or will be.</summary>
    public int Attempt { get; set; } = notes?.Attempt ?? 1;

    /// <summary>How often it was handed out: an answer to an earlier time has no effect.</summary>
    public int Handing { get; set; }

    /// <summary>Handed out: when its lease ends, of <see cref="Environment.TickCount64"/>.</summary>
    public long LeasedUntil { get; set; }

    /// <summary>By which it is delivered.</summary>
    public string MessageId => notes?.MessageId ?? Place;

    /// <summary>Where it is, as a name.</summary>
    public string Place => KafkaPublisher.IdOf(new TopicPartitionOffset(window.Partition, offset));

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt => notes?.PublishedAt ?? new DateTimeOffset(Message!.Timestamp.UtcDateTime, TimeSpan.Zero);

    /// <summary>Nothing more is to become of it.</summary>
    public void End()
    {
        State = EntryState.Done;
        Message = null;
    }
}

/// <summary>Where a record stands.</summary>
internal enum EntryState
{
    /// <summary>It waits for a receiver.</summary>
    Ready,

    /// <summary>It waits for an earlier one of its key.</summary>
    Blocked,

    /// <summary>It waits for its time.</summary>
    Waiting,

    /// <summary>It is being copied to the retry topic's end, before its time.</summary>
    Moving,

    /// <summary>It is being handled.</summary>
    Handed,

    /// <summary>Nothing more is to become of it.</summary>
    Done,
}

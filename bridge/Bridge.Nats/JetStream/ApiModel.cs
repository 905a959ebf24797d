using System.Text.Json.Serialization;

namespace Bridge.Nats.JetStream;

/// <summary>What every answer of JetStream's API has. Source of all names here: NATS ADR-1 and the reference of the JetStream API.</summary>
internal record ApiAnswer
{
    /// <summary>Why it was refused; null where it wasn't.</summary>
    public ApiError? Error { get; init; }
}

/// <summary>A refusal.</summary>
internal sealed record ApiError
{
    /// <summary>As an HTTP status.</summary>
    public int Code { get; init; }

    /// <summary>Which of the server's errors it is.</summary>
    public int ErrCode { get; init; }

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";
}

/// <summary>How a stream keeps messages.</summary>
internal sealed record StreamConfig
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What is published to these subjects goes into it.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>"interest": until every consumer has acknowledged; "limits": until a limit is passed.</summary>
    public string Retention { get; init; } = "limits";

    /// <summary>For people, and for <see cref="AcknowledgedSweeper"/>; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>"file" or "memory".</summary>
    public string Storage { get; init; } = "file";

    /// <summary>"new": what is over a limit is refused; "old": the oldest goes.</summary>
    public string Discard { get; init; } = "new";

    /// <summary>For how many nanoseconds a message's id is known again.</summary>
    public long DuplicateWindow { get; init; }

    /// <summary>How many servers keep it.</summary>
    public int NumReplicas { get; init; } = 1;

    /// <summary>After how many nanoseconds messages are deleted; 0 for never.</summary>
    public long MaxAge { get; init; }

    /// <summary>How many messages it holds; -1 for any number.</summary>
    public long MaxMsgs { get; init; } = -1;

    /// <summary>How many bytes it holds; -1 for any number.</summary>
    public long MaxBytes { get; init; } = -1;

    /// <summary>How many consumers it may have; -1 for any number.</summary>
    public int MaxConsumers { get; init; } = -1;
}

/// <summary>What a stream holds.</summary>
internal sealed record StreamState
{
    /// <summary>How many messages.</summary>
    public long Messages { get; init; }

    /// <summary>The first message's number.</summary>
    public ulong FirstSeq { get; init; }

    /// <summary>The last message's number.</summary>
    public ulong LastSeq { get; init; }
}

/// <summary>A stream as it is.</summary>
internal sealed record StreamAnswer : ApiAnswer
{
    /// <summary>How it keeps messages; null in a refusal.</summary>
    public StreamConfig? Config { get; init; }

    /// <summary>What it holds; null in a refusal.</summary>
    public StreamState? State { get; init; }
}

/// <summary>How a consumer delivers a stream's messages.</summary>
internal sealed record ConsumerConfig
{
    /// <summary>Its name.</summary>
    public string DurableName { get; init; } = "";

    /// <summary>"explicit": each message is acknowledged.</summary>
    public string AckPolicy { get; init; } = "explicit";

    /// <summary>After how many nanoseconds without a word a message is delivered again.</summary>
    public long AckWait { get; init; }

    /// <summary>How often a message is delivered at most; -1 for any number.</summary>
    public long MaxDeliver { get; init; } = -1;

    /// <summary>How many messages may be delivered and not yet acknowledged; -1 for any number.</summary>
    public long MaxAckPending { get; init; } = -1;

    /// <summary>Where it begins: "all" for the first message.</summary>
    public string DeliverPolicy { get; init; } = "all";

    /// <summary>Which subjects it delivers; null for all.</summary>
    public string? FilterSubject { get; init; }

    /// <summary>"instant": as fast as possible.</summary>
    public string ReplayPolicy { get; init; } = "instant";

    /// <summary>Where a consumer pushes messages to; null for one that is asked for them.</summary>
    public string? DeliverSubject { get; init; }
}

/// <summary>A request for a consumer.</summary>
internal sealed record ConsumerRequest
{
    /// <summary>Its stream.</summary>
    public required string StreamName { get; init; }

    /// <summary>How it delivers.</summary>
    public required ConsumerConfig Config { get; init; }
}

/// <summary>A consumer as it is.</summary>
internal sealed record ConsumerAnswer : ApiAnswer
{
    /// <summary>How it delivers; null in a refusal.</summary>
    public ConsumerConfig? Config { get; init; }

    /// <summary>What it has delivered last.</summary>
    public SequencePair Delivered { get; init; }

    /// <summary>Up to where all is acknowledged.</summary>
    public SequencePair AckFloor { get; init; }

    /// <summary>How many are delivered and not acknowledged.</summary>
    public long NumAckPending { get; init; }
}

/// <summary>A request for a part of a list.</summary>
internal sealed record PageRequest
{
    /// <summary>How many entries were there before.</summary>
    public required int Offset { get; init; }
}

/// <summary>A part of the list of a stream's consumers.</summary>
internal sealed record ConsumerPage : ApiAnswer
{
    /// <summary>How many there are in all.</summary>
    public int Total { get; init; }

    /// <summary>Those of this part.</summary>
    public IReadOnlyList<ConsumerAnswer> Consumers { get; init; } = [];
}

/// <summary>A message's two numbers.</summary>
/// <param name="ConsumerSeq">By the consumer's deliveries; 0 before the first.</param>
/// <param name="StreamSeq">In the stream.</param>
internal readonly record struct SequencePair(ulong ConsumerSeq, ulong StreamSeq);

/// <summary>A request for messages.</summary>
internal sealed record PullRequest
{
    /// <summary>How many at most.</summary>
    public required int Batch { get; init; }

    /// <summary>After how many nanoseconds it ends.</summary>
    public required long Expires { get; init; }

    /// <summary>How many nanoseconds apart the server gives a sign of life while there are none.</summary>
    public required long IdleHeartbeat { get; init; }
}

/// <summary>A request for one stored message.</summary>
internal sealed record MessageRequest
{
    /// <summary>Its number.</summary>
    public required ulong Seq { get; init; }

    /// <summary>Where set: the first message from that number on whose subject matches.</summary>
    public string? NextBySubj { get; init; }
}

/// <summary>A stored message.</summary>
internal sealed record StoredMessage
{
    /// <summary>What it was published to.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Its number.</summary>
    public ulong Seq { get; init; }

    /// <summary>Its header block; null for none.</summary>
    public byte[]? Hdrs { get; init; }

    /// <summary>Its payload; null for an empty one.</summary>
    public byte[]? Data { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset Time { get; init; }
}

/// <summary>The answer to <see cref="MessageRequest"/>.</summary>
internal sealed record MessageAnswer : ApiAnswer
{
    /// <summary>The message; null in a refusal.</summary>
    public StoredMessage? Message { get; init; }
}

/// <summary>A request to delete messages.</summary>
internal sealed record PurgeRequest
{
    /// <summary>Those before this number.</summary>
    public required ulong Seq { get; init; }
}

/// <summary>The answer to a deletion.</summary>
internal sealed record DeletionAnswer : ApiAnswer
{
    /// <summary>Whether it was done.</summary>
    public bool Success { get; init; }

    /// <summary>How many messages were deleted.</summary>
    public long Purged { get; init; }
}

/// <summary>The answer to a message that was published.</summary>
internal sealed record PublishAnswer : ApiAnswer
{
    /// <summary>The stream that keeps it.</summary>
    public string Stream { get; init; } = "";

    /// <summary>Its number there.</summary>
    public ulong Seq { get; init; }

    /// <summary>Whether one with the same id was there already; the number is that one's.</summary>
    public bool Duplicate { get; init; }
}

/// <summary>How the API's JSON is read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamConfig))]
[JsonSerializable(typeof(StreamAnswer))]
[JsonSerializable(typeof(ConsumerRequest))]
[JsonSerializable(typeof(ConsumerAnswer))]
[JsonSerializable(typeof(PageRequest))]
[JsonSerializable(typeof(ConsumerPage))]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(DeletionAnswer))]
[JsonSerializable(typeof(PublishAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;

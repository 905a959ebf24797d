namespace Bridge.Core.PubSub;

/// <summary>
/// A message that this process is to handle. Exactly one of <see cref="AcknowledgeAsync"/>, <see cref="RetryAsync"/>,
/// <see cref="DeadLetterAsync"/> and <see cref="ReleaseAsync"/> ends it; where none does, or the broker doesn't learn of it, the message comes
/// again once its lease is over. Thread: any, one at a time.
/// </summary>
public abstract class Delivery
{
    /// <summary>The broker's name for the message, the same at each attempt.</summary>
    public required string MessageId { get; init; }

    /// <summary>Which attempt this is, from 1. One that a crash ended counts; one that was released doesn't, where the broker can tell.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>What was published, UTF-8: JSON, unless others than this host publish here. Valid until the delivery ends.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What was published beside it.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Since when it could have been handled: its retention counts from then. Later than it was published where it was published to be
    /// delivered later, or given up and replayed.</summary>
    public virtual DateTimeOffset RetainedSince => PublishedAt;

    /// <summary>How long the broker waits for a word before it gives the message to another; null for as long as the connection lasts.</summary>
    public virtual TimeSpan? Lease => null;

    /// <summary>The message is handled and never comes again. Done once the broker has taken note.</summary>
    public abstract Task AcknowledgeAsync(CancellationToken cancellation);

    /// <summary>It comes again after a while, to any process, as the next attempt.</summary>
    public abstract Task RetryAsync(TimeSpan delay, CancellationToken cancellation);

    /// <summary>It is given up: it moves to the subscription's dead letters, first there, then away from here.</summary>
    public abstract Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation);

    /// <summary>It wasn't begun and comes again at once, to any process, as this attempt.</summary>
    public abstract Task ReleaseAsync(CancellationToken cancellation);

    /// <summary>The handler still runs: the lease begins anew.</summary>
    public virtual Task ExtendAsync(CancellationToken cancellation) => Task.CompletedTask;
}

namespace Bridge.Core.PubSub;

/// <summary>The messages of one subscription that were given up. Thread: any.</summary>
public interface IDeadLetters
{
    /// <summary>How many there are.</summary>
    Task<long> CountAsync(CancellationToken cancellation);

    /// <summary>Some of them, oldest first.</summary>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation);

    /// <summary>Gives messages to the subscription again, as if they had just been published to it alone; their attempts begin anew.</summary>
    /// <param name="ids">Which, by <see cref="DeadLetter.Id"/>; null for all that there are now.</param>
    /// <param name="cancellation">Ends it; what is moved by then stays moved, and nothing is lost or there twice.</param>
    /// <returns>How many.</returns>
    Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation);

    /// <summary>Deletes them.</summary>
    /// <param name="ids">Which, by <see cref="DeadLetter.Id"/>; null for all that there are now.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many.</returns>
    Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation);
}

/// <summary>A message that was given up.</summary>
public sealed record DeadLetter
{
    /// <summary>By which it is named here.</summary>
    public required string Id { get; init; }

    /// <summary>By which it was delivered.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was published; null where the broker doesn't say.</summary>
    public required DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset DiedAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it was given up.</summary>
    public required DeadLetterReason Reason { get; init; }

    /// <summary>What was published.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What was published beside it.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}

namespace Bridge.Sqlite.Store;

/// <summary>A message that a process has taken, and where its row is. Thread: the writer's, but for what never changes.</summary>
internal sealed class Lease
{
    /// <summary>The subscription's row.</summary>
    public required long Subscription { get; init; }

    /// <summary>The message's row.</summary>
    public required long Message { get; init; }

    /// <summary>When it ends: by this the row is found. The writer sets it anew with each extension.</summary>
    public required long DueAt { get; set; }

    /// <summary>How often it was taken, this time included.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its ordering key, of an ordered topic.</summary>
    public required string? OrderingKey { get; init; }

    /// <summary>Since when it could be handled: its retention counts from then.</summary>
    public required long Since { get; init; }

    /// <summary>When it was published.</summary>
    public required long PublishedAt { get; init; }

    /// <summary>What was published.</summary>
    public required byte[] Body { get; init; }

    /// <summary>What was published beside it.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}

namespace Bridge.Sqlite.Store;

/// <summary>A topic as the file has it.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Subscriptions">The rows of the subscriptions that get its messages.</param>
/// <param name="RetentionMs">For how long a deduplication id is known: the longest that a subscription keeps messages.</param>
internal sealed record TopicState(long Id, long[] Subscriptions, long RetentionMs);

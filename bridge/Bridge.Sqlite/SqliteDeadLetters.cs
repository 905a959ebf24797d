using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;
using Bridge.Sqlite.Writing;

namespace Bridge.Sqlite;

/// <summary>One subscription's dead letters in a file.</summary>
internal sealed class SqliteDeadLetters(StoreWriter writer, Func<MessageStore, long?> findRow, Func<BrokerException> missing) : IDeadLetters
{
    // So many in one transaction: messages flow on between two.
    private const int Chunk = 500;

    private delegate bool Act(MessageStore store, long subscription, long row);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellation) => AskAsync((store, subscription) => store.CountDeadLetters(subscription), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation) =>
        await AskAsync((store, subscription) => store.ListDeadLetters(subscription, max), cancellation);

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        ActAsync(ids, (store, subscription, row) => store.Replay(subscription, row), cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        ActAsync(ids, (store, subscription, row) => store.Purge(subscription, row), cancellation);

    private async Task<long> ActAsync(IReadOnlyCollection<string>? ids, Act act, CancellationToken cancellation)
    {
        var count = 0L;
        if (ids is not null)
        {
            foreach (var chunk in ids.Select(MessageStore.RowOf).OfType<long>().Chunk(Chunk))
            {
                count += await AskAsync((store, subscription) => chunk.Count(row => act(store, subscription, row)), cancellation);
            }

            return count;
        }

        // Those that there are now: a replayed message that dies again meanwhile isn't among them.
        var last = await AskAsync((store, subscription) => store.LastDeadLetter(subscription), cancellation);
        int found;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            found = await AskAsync(
                (store, subscription) => store.FindDeadLetters(subscription, last, Chunk).Count(row => act(store, subscription, row)), cancellation);
            count += found;
        }
        while (found > 0);
        return count;
    }

    private async Task<T> AskAsync<T>(Func<MessageStore, long, T> work, CancellationToken cancellation)
    {
        var (isThere, result) = await writer.CallAsync(
            store => findRow(store) is { } subscription ? (true, work(store, subscription)) : (false, default!), cancellation);
        return isThere ? result : throw missing();
    }
}

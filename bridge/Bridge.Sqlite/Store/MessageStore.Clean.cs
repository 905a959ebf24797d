using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>What time alone ends.</content>
internal sealed partial class MessageStore
{
    // So many at a time: between two, others may write.
    private const int MaxCleaned = 500;

    // Pages of 4 KiB that are given back at a time, and of free ones that a file may keep for its next burst.
    private const int MaxFreedPages = 500;
    private const int KeptPages = 2500;

    private SqliteStatement _findExpired = null!;
    private SqliteStatement _deleteDelivery = null!;
    private SqliteStatement _deleteDeduplication = null!;
    private SqliteStatement _deleteSubscriptions = null!;
    private SqliteStatement _deleteProcesses = null!;
    private SqliteStatement _countFree = null!;

    /// <summary>
    /// Turns messages that nobody has handled within their subscription's retention into dead letters (those of a retired subscription go), and
    /// forgets deduplication ids whose time is over.
    /// </summary>
    /// <returns>Whether there is more to do.</returns>
    public bool Clean()
    {
        var expired = ListExpired();
        foreach (var delivery in expired)
        {
            _deleteDelivery.Set(1, delivery.Subscription).Set(2, delivery.DueAt).Set(3, delivery.Message).Run();
            LetNextThrough(delivery.Subscription, delivery.Key);
            if (delivery.IsRetired)
            {
                Forget(delivery.Message);
            }
            else
            {
                var text = $"not handled within {TimeSpan.FromMilliseconds(delivery.RetentionMs)} of its publishing";
                Bury(delivery.Subscription, delivery.Message, delivery.Attempt, new DeadLetterReason(DeadLetterCause.Expired, text), delivery.Key);
            }
        }

        _deleteDeduplication.Set(1, Now).Set(2, MaxCleaned).Run();
        _deleteSubscriptions.Run();
        _deleteProcesses.Set(1, Now - (long)TimeSpan.FromDays(30).TotalMilliseconds).Set(2, _owner).Run();
        var free = _countFree.RunForLong() ?? 0;
        if (free > KeptPages)
        {
            _file.Run($"PRAGMA incremental_vacuum({MaxFreedPages})");
        }

        return expired.Count == MaxCleaned || free > KeptPages + MaxFreedPages;
    }

    private List<Expired> ListExpired()
    {
        var expired = new List<Expired>();
        _findExpired.Set(1, Now).Set(2, MaxCleaned);
        while (_findExpired.Step())
        {
            expired.Add(new Expired(
                _findExpired.Long(0), _findExpired.Long(1), _findExpired.Long(2), (int)_findExpired.Long(3), _findExpired.Text(4), _findExpired.Long(5), _findExpired.Long(6) != 0));
        }

        _findExpired.Reset();
        return expired;
    }

    private void PrepareCleaning()
    {
        // A row that is due for as long as that has no lease, and nobody wants it. Others are judged when they are received.
        _findExpired = Prepare(
            """
            SELECT d.subscription, d.due_at, d.message, d.attempt, d.ordering_key, s.retention_ms, s.retired_at IS NOT NULL
            FROM subscription s CROSS JOIN delivery d ON d.subscription = s.id AND d.due_at < ? - s.retention_ms
            LIMIT ?
            """);
        _deleteDelivery = Prepare("DELETE FROM delivery WHERE subscription = ? AND due_at = ? AND message = ?");
        _deleteDeduplication = Prepare("DELETE FROM deduplication WHERE (topic, id) IN (SELECT topic, id FROM deduplication WHERE until < ? LIMIT ?)");
        _deleteSubscriptions = Prepare(
            """
            DELETE FROM subscription WHERE retired_at IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM delivery WHERE subscription = subscription.id)
              AND NOT EXISTS (SELECT 1 FROM dead_letter WHERE subscription = subscription.id)
            """);
        _deleteProcesses = Prepare("DELETE FROM process WHERE opened_at < ? AND id <> ?");
        _countFree = Prepare("PRAGMA freelist_count");
    }

    private readonly record struct Expired(long Subscription, long DueAt, long Message, int Attempt, string? Key, long RetentionMs, bool IsRetired);
}

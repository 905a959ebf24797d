using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>Ends leases. Each of these says whether the lease was still this process's own; where it wasn't, nothing is done.</content>
internal sealed partial class MessageStore
{
    private SqliteStatement _deleteLease = null!;
    private SqliteStatement _changeLease = null!;
    private SqliteStatement _findSuccessor = null!;
    private SqliteStatement _unpark = null!;
    private SqliteStatement _countDown = null!;
    private SqliteStatement _deleteFanOut = null!;
    private SqliteStatement _deleteMessage = null!;
    private SqliteStatement _insertDeadLetter = null!;

    /// <summary>The message is handled.</summary>
    public bool Acknowledge(Lease lease)
    {
        if (!End(lease))
        {
            return false;
        }

        Forget(lease.Message);
        return true;
    }

    /// <summary>The message is given up.</summary>
    public bool GiveUp(Lease lease, DeadLetterReason reason)
    {
        if (!End(lease))
        {
            return false;
        }

        Bury(lease.Subscription, lease.Message, lease.Attempt, reason, lease.OrderingKey);
        return true;
    }

    /// <summary>The message comes again after a while.</summary>
    public bool PutBack(Lease lease, long delayMs, int attempt)
    {
        var dueAt = Now + Math.Max(delayMs, 0);
        if (!Change(lease, dueAt, attempt, owner: null))
        {
            return false;
        }

        Touch(lease.Subscription, dueAt);
        return true;
    }

    /// <summary>The lease begins anew.</summary>
    public bool Extend(Lease lease, long leaseMs)
    {
        var dueAt = Now + leaseMs;
        if (!Change(lease, dueAt, lease.Attempt, _owner))
        {
            return false;
        }

        lease.DueAt = dueAt;
        return true;
    }

    private bool Change(Lease lease, long dueAt, int attempt, long? owner)
    {
        _changeLease.Set(1, dueAt).Set(2, attempt).Set(3, owner);
        return Run(_changeLease.Set(4, lease.Subscription).Set(5, lease.DueAt).Set(6, lease.Message).Set(7, _owner));
    }

    private bool End(Lease lease)
    {
        if (!Run(_deleteLease.Set(1, lease.Subscription).Set(2, lease.DueAt).Set(3, lease.Message).Set(4, _owner)))
        {
            return false;
        }

        LetNextThrough(lease.Subscription, lease.OrderingKey);
        return true;
    }

    // Of a key only the first message isn't parked.
    private void LetNextThrough(long subscription, string? key)
    {
        if (key is null)
        {
            return;
        }

        _findSuccessor.Set(1, subscription).Set(2, key);
        var (found, message, dueAt, since) = _findSuccessor.Step()
            ? (true, _findSuccessor.Long(0), _findSuccessor.Long(1), _findSuccessor.Long(2))
            : default;
        _findSuccessor.Reset();
        if (found && dueAt == StoreSchema.Parked)
        {
            var next = Math.Max(since, Now);
            _unpark.Set(1, next).Set(2, subscription).Set(3, dueAt).Set(4, message).Run();
            Touch(subscription, next);
        }
    }

    /// <summary>One subscription less needs a message; the last takes it along.</summary>
    private void Forget(long message)
    {
        if (_countDown.Set(1, message).RunForLong() is { } remaining)
        {
            if (remaining > 0)
            {
                return;
            }

            _deleteFanOut.Set(1, message).Run();
        }

        _deleteMessage.Set(1, message).Run();
    }

    private void Bury(long subscription, long message, int attempts, DeadLetterReason reason, string? key) =>
        _insertDeadLetter.Set(1, subscription).Set(2, message).Set(3, Now).Set(4, attempts)
            .Set(5, reason.Cause.ToString()).Set(6, reason.Text).Set(7, key).Run();

    private static bool Run(SqliteStatement statement) => statement.RunForLong() is not null;

    private void PrepareSettling()
    {
        const string Mine = "WHERE subscription = ? AND due_at = ? AND message = ? AND owner = ? RETURNING 1";
        _deleteLease = Prepare($"DELETE FROM delivery {Mine}");
        _changeLease = Prepare($"UPDATE delivery SET due_at = ?, attempt = ?, owner = ? {Mine}");
        _findSuccessor = Prepare("SELECT message, due_at, since FROM delivery WHERE subscription = ? AND ordering_key = ? ORDER BY message LIMIT 1");
        _unpark = Prepare("UPDATE delivery SET due_at = ? WHERE subscription = ? AND due_at = ? AND message = ?");
        _countDown = Prepare("UPDATE fan_out SET remaining = remaining - 1 WHERE message = ? RETURNING remaining");
        _deleteFanOut = Prepare("DELETE FROM fan_out WHERE message = ?");
        _deleteMessage = Prepare("DELETE FROM message WHERE id = ?");
        _insertDeadLetter = Prepare(
            "INSERT INTO dead_letter (subscription, message, died_at, attempts, cause, reason, ordering_key) VALUES (?, ?, ?, ?, ?, ?, ?)");
    }
}

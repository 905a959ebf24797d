using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>Gives messages to this process for a time.</content>
internal sealed partial class MessageStore
{
    // So many bytes of bodies at a time, or one body: what waits for a handler waits on the disk.
    private const int MaxLeasedBytes = 4 << 20;

    private SqliteStatement _findDue = null!;
    private SqliteStatement _findNextDue = null!;
    private SqliteStatement _moveLease = null!;

    /// <summary>When a subscription's next message is due; <see cref="StoreSchema.Parked"/> where it has none.</summary>
    public long NextDue(long subscription) => _findNextDue.Set(1, subscription).RunForLong() ?? StoreSchema.Parked;

    /// <summary>Takes the messages that are due, longest due first.</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="leaseMs">For how long nobody else gets them.</param>
    public List<Lease> TakeDue(long subscription, int max, long leaseMs)
    {
        var leases = new List<Lease>();
        var moves = new List<long>();
        var bytes = 0L;
        _findDue.Set(1, subscription).Set(2, Now).Set(3, max);
        while ((leases.Count == 0 || bytes < MaxLeasedBytes) && _findDue.Step())
        {
            var body = _findDue.Bytes(7).ToArray();
            bytes += body.Length;
            moves.Add(_findDue.Long(0));
            leases.Add(new Lease
            {
                Subscription = subscription,
                Message = _findDue.Long(1),
                DueAt = Now + leaseMs,
                Since = _findDue.Long(2),
                Attempt = (int)_findDue.Long(3) + 1,
                OrderingKey = _findDue.Text(4),
                PublishedAt = _findDue.Long(5),
                Attributes = AttributeText.Read(_findDue.Bytes(6)),
                Body = body,
            });
        }

        _findDue.Reset();
        for (var index = 0; index < leases.Count; index++)
        {
            Move(leases[index], moves[index]);
        }

        return leases;
    }

    private void Move(Lease lease, long from) =>
        _moveLease.Set(1, lease.DueAt).Set(2, lease.Attempt).Set(3, _owner).Set(4, lease.Subscription).Set(5, from).Set(6, lease.Message).Run();

    private void PrepareLeasing()
    {
        _findNextDue = Prepare("SELECT due_at FROM delivery WHERE subscription = ? ORDER BY due_at LIMIT 1");
        _findDue = Prepare(
            """
            SELECT d.due_at, d.message, d.since, d.attempt, d.ordering_key, m.published_at, m.attributes, m.body
            FROM delivery d CROSS JOIN message m ON m.id = d.message
            WHERE d.subscription = ? AND d.due_at <= ?
            ORDER BY d.due_at, d.message LIMIT ?
            """);
        _moveLease = Prepare("UPDATE delivery SET due_at = ?, attempt = ?, owner = ? WHERE subscription = ? AND due_at = ? AND message = ?");
    }
}

using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>Messages that were given up.</content>
internal sealed partial class MessageStore
{
    private SqliteStatement _countDeadLetters = null!;
    private SqliteStatement _listDeadLetters = null!;
    private SqliteStatement _findDeadLetters = null!;
    private SqliteStatement _deleteDeadLetter = null!;
    private SqliteStatement _lastDeadLetter = null!;

    /// <summary>How many a subscription has.</summary>
    public long CountDeadLetters(long subscription) => _countDeadLetters.Set(1, subscription).RunForLong() ?? 0;

    /// <summary>The newest one's row; 0 where there is none.</summary>
    public long LastDeadLetter(long subscription) => _lastDeadLetter.Set(1, subscription).RunForLong() ?? 0;

    /// <summary>Some of them, oldest first.</summary>
    public List<DeadLetter> ListDeadLetters(long subscription, int max)
    {
        var letters = new List<DeadLetter>();
        _listDeadLetters.Set(1, subscription).Set(2, max);
        while (_listDeadLetters.Step())
        {
            letters.Add(new DeadLetter
            {
                Id = NameOf(_listDeadLetters.Long(0)),
                MessageId = NameOf(_listDeadLetters.Long(1)),
                DiedAt = DateTimeOffset.FromUnixTimeMilliseconds(_listDeadLetters.Long(2)),
                Attempts = (int)_listDeadLetters.Long(3),
                Reason = new DeadLetterReason(Enum.Parse<DeadLetterCause>(_listDeadLetters.Text(4)!), _listDeadLetters.Text(5)!),
                PublishedAt = DateTimeOffset.FromUnixTimeMilliseconds(_listDeadLetters.Long(6)),
                Attributes = AttributeText.Read(_listDeadLetters.Bytes(7)),
                Body = _listDeadLetters.Bytes(8).ToArray(),
            });
        }

        _listDeadLetters.Reset();
        return letters;
    }

    /// <summary>The rows of some of them, oldest first.</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="last">The newest that is asked for.</param>
    /// <param name="max">How many at most.</param>
    public List<long> FindDeadLetters(long subscription, long last, int max)
    {
        var rows = new List<long>();
        _findDeadLetters.Set(1, subscription).Set(2, last).Set(3, max);
        while (_findDeadLetters.Step())
        {
            rows.Add(_findDeadLetters.Long(0));
        }

        _findDeadLetters.Reset();
        return rows;
    }

    /// <summary>The row that a dead letter's name stands for; null where it stands for none.</summary>
    public static long? RowOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    /// <summary>Gives a dead letter to its subscription again.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Replay(long subscription, long row)
    {
        if (Take(subscription, row) is not var (message, key))
        {
            return false;
        }

        Give(subscription, message, Now, key);
        return true;
    }

    /// <summary>Deletes a dead letter.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Purge(long subscription, long row)
    {
        if (Take(subscription, row) is not var (message, _))
        {
            return false;
        }

        Forget(message);
        return true;
    }

    private (long Message, string? Key)? Take(long subscription, long row)
    {
        _deleteDeadLetter.Set(1, row).Set(2, subscription);
        (long, string?)? taken = _deleteDeadLetter.Step() ? (_deleteDeadLetter.Long(0), _deleteDeadLetter.Text(1)) : null;
        _deleteDeadLetter.Reset();
        return taken;
    }

    private void PrepareDeadLetters()
    {
        _countDeadLetters = Prepare("SELECT count(*) FROM dead_letter WHERE subscription = ?");
        _lastDeadLetter = Prepare("SELECT max(id) FROM dead_letter WHERE subscription = ?");
        _listDeadLetters = Prepare(
            """
            SELECT l.id, l.message, l.died_at, l.attempts, l.cause, l.reason, m.published_at, m.attributes, m.body
            FROM dead_letter l CROSS JOIN message m ON m.id = l.message
            WHERE l.subscription = ? ORDER BY l.id LIMIT ?
            """);
        _findDeadLetters = Prepare("SELECT id FROM dead_letter WHERE subscription = ? AND id <= ? ORDER BY id LIMIT ?");
        _deleteDeadLetter = Prepare("DELETE FROM dead_letter WHERE id = ? AND subscription = ? RETURNING message, ordering_key");
    }
}

using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>Topics and their subscriptions.</content>
internal sealed partial class MessageStore
{
    private readonly Dictionary<string, TopicState> _topics = new(StringComparer.Ordinal);
    private SqliteStatement _findTopic = null!;
    private SqliteStatement _insertTopic = null!;
    private SqliteStatement _listSubscriptions = null!;
    private SqliteStatement _findSubscription = null!;
    private SqliteStatement _insertSubscription = null!;
    private SqliteStatement _retire = null!;
    private SqliteStatement _leave = null!;

    /// <summary>A topic; null where the file has none of that address.</summary>
    public TopicState? FindTopic(string address)
    {
        if (!_topics.TryGetValue(address, out var topic) && _findTopic.Set(1, address).RunForLong() is { } id)
        {
            topic = ReadTopic(id);
            _topics[address] = topic;
        }

        return topic;
    }

    /// <summary>A subscription's row; null where the file has none of that address, or it was retired.</summary>
    public long? FindSubscription(string topic, string address) =>
        FindTopic(topic) is { } state ? _findSubscription.Set(1, state.Id).Set(2, address).RunForLong() : null;

    /// <summary>
    /// Makes a topic and its subscriptions where they are missing. Subscriptions that it no longer has get no further messages; what they have
    /// stays for the time it was to be kept, in case the application returns to them.
    /// </summary>
    public void Provision(BrokerTopic topic)
    {
        var id = _insertTopic.Set(1, topic.Address).RunForLong()!.Value;
        _retire.Set(1, Now).Set(2, id).Run();
        foreach (var subscription in topic.Subscriptions)
        {
            _insertSubscription.Set(1, id).Set(2, subscription.Address).Set(3, (long)subscription.MessageRetention.TotalMilliseconds).Run();
        }

        _topics.Clear();
    }

    private TopicState ReadTopic(long id)
    {
        var subscriptions = new List<long>();
        var retention = (long)TimeSpan.FromDays(7).TotalMilliseconds;
        _listSubscriptions.Set(1, id);
        while (_listSubscriptions.Step())
        {
            subscriptions.Add(_listSubscriptions.Long(0));
            retention = subscriptions.Count == 1 ? _listSubscriptions.Long(1) : Math.Max(retention, _listSubscriptions.Long(1));
        }

        _listSubscriptions.Reset();
        return new TopicState(id, [.. subscriptions], retention);
    }

    private void PrepareSubscriptions()
    {
        _findTopic = Prepare("SELECT id FROM topic WHERE address = ?");
        _insertTopic = Prepare("INSERT INTO topic (address) VALUES (?) ON CONFLICT DO UPDATE SET address = excluded.address RETURNING id");
        _listSubscriptions = Prepare("SELECT id, retention_ms FROM subscription WHERE topic = ? AND retired_at IS NULL ORDER BY id");
        _findSubscription = Prepare("SELECT id FROM subscription WHERE topic = ? AND address = ? AND retired_at IS NULL");
        _insertSubscription = Prepare(
            """
            INSERT INTO subscription (topic, address, retention_ms) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET retention_ms = excluded.retention_ms, retired_at = NULL
            """);
        _retire = Prepare("UPDATE subscription SET retired_at = ? WHERE topic = ? AND retired_at IS NULL");
        _leave = Prepare("DELETE FROM process WHERE id = ?");
    }
}

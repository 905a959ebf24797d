using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <content>Takes messages.</content>
internal sealed partial class MessageStore
{
    private readonly AttributeText _attributes = new();
    private SqliteStatement _readNextMessage = null!;
    private SqliteStatement _keepNextMessage = null!;
    private SqliteStatement _insertMessage = null!;
    private SqliteStatement _insertFanOut = null!;
    private SqliteStatement _insertDelivery = null!;
    private SqliteStatement _findKey = null!;
    private SqliteStatement _findDuplicate = null!;
    private SqliteStatement _insertDeduplication = null!;
    private long? _nextMessage;

    /// <summary>Gives a message to all subscriptions of a topic.</summary>
    /// <returns>Its id; that of the earlier one where it is published for the second time.</returns>
    public string Publish(TopicState topic, OutgoingMessage message, bool isOrdered)
    {
        _nextMessage ??= _readNextMessage.RunForLong()!.Value;
        var id = _nextMessage.Value;
        if (message.DeduplicationId is { } duplicate)
        {
            if (_findDuplicate.Set(1, topic.Id).Set(2, duplicate).Set(3, Now).RunForLong() is { } earlier)
            {
                return NameOf(earlier);
            }

            _insertDeduplication.Set(1, topic.Id).Set(2, duplicate).Set(3, id).Set(4, Now + topic.RetentionMs).Run();
        }

        _nextMessage = id + 1;
        if (topic.Subscriptions.Length > 0)
        {
            Insert(topic, message, id, isOrdered ? message.OrderingKey : null);
        }

        return NameOf(id);
    }

    private static string NameOf(long message) => message.ToString(CultureInfo.InvariantCulture);

    private void Insert(TopicState topic, OutgoingMessage message, long id, string? key)
    {
        var deliverAt = message.DeliverAt?.ToUnixTimeMilliseconds();
        _insertMessage.Set(1, id).Set(2, topic.Id).Set(3, Now).Set(4, deliverAt).SetBytes(6, message.Body.Span);
        _ = message.Attributes.Count == 0 ? _insertMessage.SetNull(5) : _insertMessage.SetText(5, _attributes.Write(message.Attributes));
        _insertMessage.Run();
        if (topic.Subscriptions.Length > 1)
        {
            _insertFanOut.Set(1, id).Set(2, topic.Subscriptions.Length).Run();
        }

        var dueAt = Math.Max(deliverAt ?? 0, Now);
        foreach (var subscription in topic.Subscriptions)
        {
            Give(subscription, id, dueAt, key);
        }
    }

    /// <summary>Makes a message one that a subscription has to handle.</summary>
    private void Give(long subscription, long message, long dueAt, string? key)
    {
        var since = dueAt;
        if (key is not null && _findKey.Set(1, subscription).Set(2, key).RunForLong() is not null)
        {
            dueAt = StoreSchema.Parked;
        }

        _insertDelivery.Set(1, subscription).Set(2, dueAt).Set(3, message).Set(4, since).Set(5, key).Run();
        Touch(subscription, dueAt);
    }

    private void KeepNextMessage()
    {
        if (_nextMessage is { } next)
        {
            _keepNextMessage.Set(1, next).Run();
        }
    }

    private void PreparePublishing()
    {
        _readNextMessage = Prepare("SELECT next_message FROM store");
        _keepNextMessage = Prepare("UPDATE store SET next_message = ?");
        _insertMessage = Prepare("INSERT INTO message (id, topic, published_at, deliver_at, attributes, body) VALUES (?, ?, ?, ?, ?, ?)");
        _insertFanOut = Prepare("INSERT INTO fan_out (message, remaining) VALUES (?, ?)");
        _insertDelivery = Prepare(
            "INSERT INTO delivery (subscription, due_at, message, since, attempt, owner, ordering_key) VALUES (?, ?, ?, ?, 0, NULL, ?)");
        _findKey = Prepare("SELECT message FROM delivery WHERE subscription = ? AND ordering_key = ? LIMIT 1");
        _findDuplicate = Prepare("SELECT message FROM deduplication WHERE topic = ? AND id = ? AND until > ?");
        _insertDeduplication = Prepare("INSERT OR REPLACE INTO deduplication (topic, id, message, until) VALUES (?, ?, ?, ?)");
    }
}

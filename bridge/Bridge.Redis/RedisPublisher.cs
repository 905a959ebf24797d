using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Publishes to one topic: what comes with one call goes to the server together. Thread: any.</summary>
/// <remarks>
/// A message that neither waits for its time nor has to be known again is an entry of the stream and nothing else: its name is the entry's, its
/// time the server's. All others, and those of a topic that this application doesn't subscribe to, take the longer way.
/// </remarks>
internal sealed class RedisPublisher : ITopicPublisher
{
    // A script holds the server up for as long as it runs; and what is sent at once stays in memory on both sides.
    private const int MaxMessages = 500;
    private const int MaxMessagesWithCare = 200;
    private const long MaxBytes = 1024 * 1024;

    // What a message that takes the longer way has beside its fields.
    private const int CareCount = 4;

    // The attribute that most messages have, and no other.
    private const string Trace = "traceparent";

    // For how long an id is known again where no subscription says how long messages live.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    private static readonly RedisValue BodyName = "b"u8.ToArray();

    private static readonly RedisValue TraceName = "a:traceparent"u8.ToArray();

    private readonly RedisBrokerOptions _options;
    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly BrokerTopic _topic;
    private readonly long _retention;
    private readonly string _doing;

    internal RedisPublisher(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerTopic topic)
    {
        (_options, _link, _names, _topic) = (options, link, names, topic);
        _retention = (long)topic.Subscriptions.Select(subscription => subscription.MessageRetention).Append(ShortestRetention).Max().TotalMilliseconds;
        _doing = $"publish to the topic {topic.Name}";
    }

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var results = new PublishResult[messages.Count];
        for (var (begin, end) = (0, 0); begin < messages.Count; begin = end)
        {
            end = EndOfBatch(messages, begin);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                var ids = await PublishAsync(messages, begin, end, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
                for (var at = begin; at < end; at++)
                {
                    // A stream that isn't there has no subscriber, and gives no names.
                    results[at] = PublishResult.Taken(ids.Length == 0 ? NewId() : ids[at - begin] ?? "");
                }
            }
            catch (BrokerException exception)
            {
                // What follows would overtake it.
                Array.Fill(results, PublishResult.Failed(exception), begin, messages.Count - begin);
                break;
            }
        }

        return results;
    }

    private bool NeedsCare(OutgoingMessage message) => message.DeduplicationId is not null || message.DeliverAt is not null || _topic.Subscriptions.Count == 0;

    /// <summary>Of messages that go the same way, so many that the server isn't held up.</summary>
    private int EndOfBatch(IReadOnlyList<OutgoingMessage> messages, int begin)
    {
        var needsCare = NeedsCare(messages[begin]);
        var last = Math.Min(messages.Count, begin + (needsCare ? MaxMessagesWithCare : MaxMessages));
        var bytes = (long)messages[begin].Body.Length;
        var end = begin + 1;
        while (end < last && NeedsCare(messages[end]) == needsCare && (bytes += messages[end].Body.Length) <= MaxBytes)
        {
            end++;
        }

        return end;
    }

    private Task<string?[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, int begin, int end, CancellationToken cancellation)
    {
        var needsCare = NeedsCare(messages[begin]);
        var count = needsCare ? 2 + (CareCount * (end - begin)) : 1;
        for (var at = begin; at < end; at++)
        {
            count += 1 + FieldCount(messages[at]);
        }

        var arguments = new RedisValue[count];
        var place = 0;
        if (needsCare)
        {
            arguments[place++] = _names.Base;
        }

        arguments[place++] = _names.Channel;
        for (var at = begin; at < end; at++)
        {
            if (needsCare)
            {
                Care(messages[at]).CopyTo(arguments, place);
                place += CareCount;
            }

            place = AddFields(arguments, place, messages[at], isOwn: !cancellation.CanBeCanceled);
        }

        return _link.UseAsync(_doing, database => SendAsync(database, needsCare ? RedisScripts.PublishWithCare : RedisScripts.Publish, arguments));
    }

    private async Task<string?[]> SendAsync(IDatabase database, string script, RedisValue[] arguments)
    {
        var ids = (string?[]?)await database.ScriptEvaluateAsync(script, [_names.Stream], arguments).ConfigureAwait(false) ?? [];
        if (_options.Replicas == 0)
        {
            return ids;
        }

        var have = (int)await database.ExecuteAsync("WAIT", _options.Replicas, (long)_options.ReplicaTimeout.TotalMilliseconds).ConfigureAwait(false);
        return have >= _options.Replicas
            ? ids
            : throw new BrokerException(
                $"Redis at {_link.Place} has the message for the topic {_topic.Name}, but {have} of {_options.Replicas} replicas have it",
                "look after the replicas, or ask for fewer",
                isTransient: true);
    }

    private RedisValue[] Care(OutgoingMessage message) =>
    [
        NewId(),
        message.DeduplicationId is { } id ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16)) : "",
        _retention,
        message.DeliverAt?.ToUnixTimeMilliseconds() ?? 0,
    ];

    private string? KeyOf(OutgoingMessage message) => _topic.IsOrdered ? message.OrderingKey : null;

    /// <summary>How many names and values a message has.</summary>
    private int FieldCount(OutgoingMessage message) => 2 * (message.Attributes.Count + (KeyOf(message) is null ? 1 : 2));

    /// <summary>Adds how many names and values follow, and these.</summary>
    /// <param name="arguments">Where they go.</param>
    /// <param name="place">The first one's place.</param>
    /// <param name="message">The message.</param>
    /// <param name="isOwn">Whether its body stays as it is until the server has it; else it is copied, since the caller may go before.</param>
    /// <returns>The place after the last one.</returns>
    private int AddFields(RedisValue[] arguments, int place, OutgoingMessage message, bool isOwn)
    {
        arguments[place++] = FieldCount(message);
        arguments[place++] = BodyName;
        arguments[place++] = isOwn ? message.Body : message.Body.ToArray();
        if (KeyOf(message) is { } key)
        {
            arguments[place++] = "k";
            arguments[place++] = key;
        }

        foreach (var (name, value) in message.Attributes)
        {
            arguments[place++] = name == Trace ? TraceName : "a:" + name;
            arguments[place++] = value;
        }

        return place;
    }

    private static string NewId() => Guid.CreateVersion7().ToString("N");
}

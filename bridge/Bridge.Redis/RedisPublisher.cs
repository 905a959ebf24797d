using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Publishes to one topic. A call's messages are published together, or in several parts where they are many.</summary>
internal sealed class RedisPublisher(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerTopic topic) : ITopicPublisher
{
    // A script holds the server up for as long as it runs; and what is sent at once stays in memory on both sides.
    private const int MaxMessages = 200;
    private const int MaxBytes = 1024 * 1024;

    // For how long an id is known again where no subscription says how long messages live.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    private readonly string _doing = $"publish to the topic {topic.Name}";
    private readonly long _retention = (long)topic.Subscriptions.Select(subscription => subscription.MessageRetention).Append(ShortestRetention).Max().TotalMilliseconds;

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var results = new List<PublishResult>(messages.Count);
        while (results.Count < messages.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            var arguments = new List<RedisValue> { names.Base, names.Channel };
            Fill(arguments, messages, results.Count);
            try
            {
                var ids = (string?[]?)await PublishAsync([.. arguments]).WaitAsync(cancellation).ConfigureAwait(false) ?? [];
                results.AddRange(ids.Select(id => PublishResult.Taken(id ?? "")));
            }
            catch (BrokerException exception)
            {
                // Those after it aren't published either, so that none overtakes it.
                results.AddRange(Enumerable.Repeat(PublishResult.Failed(exception), messages.Count - results.Count));
            }

        }

        return [.. results];
    }

    private Task<RedisResult> PublishAsync(RedisValue[] arguments) => link.UseAsync(
        _doing,
        async database =>
        {
            var publishing = database.ScriptEvaluateAsync(RedisScripts.Publish, [names.Stream], arguments);
            if (options.Replicas == 0)
            {
                return await publishing.ConfigureAwait(false);
            }

            var ids = await publishing.ConfigureAwait(false);
            var have = (int)await database.ExecuteAsync("WAIT", options.Replicas, (long)options.ReplicaTimeout.TotalMilliseconds).ConfigureAwait(false);
            return have >= options.Replicas
                ? ids
                : throw new BrokerException(
                    $"Redis at {link.Place} has the message for the topic {topic.Name}, but {have} of {options.Replicas} replicas have it",
                    "look after the replicas, or ask for fewer",
                    isTransient: true);
        });

    /// <summary>Adds a part's messages.</summary>
    private void Fill(List<RedisValue> arguments, IReadOnlyList<OutgoingMessage> messages, int from)
    {
        var (count, bytes) = (0, 0L);
        for (var at = from; at < messages.Count && count < MaxMessages; at++, count++)
        {
            bytes += messages[at].Body.Length;
            if (count > 0 && bytes > MaxBytes)
            {
                break;
            }

            Add(arguments, messages[at]);
        }

    }

    private void Add(List<RedisValue> arguments, OutgoingMessage message)
    {
        arguments.Add(Guid.CreateVersion7().ToString("N"));
        arguments.Add(message.DeduplicationId is { } id ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16)) : "");
        arguments.Add(_retention);
        arguments.Add(message.DeliverAt?.ToUnixTimeMilliseconds() ?? 0);
        var key = topic.IsOrdered ? message.OrderingKey : null;
        arguments.Add((2 * (message.Attributes.Count + (key is null ? 1 : 2))).ToString(CultureInfo.InvariantCulture));
        arguments.Add("b");
        arguments.Add(message.Body.ToArray());
        if (key is not null)
        {
            arguments.Add("k");
            arguments.Add(key);
        }

        foreach (var (name, value) in message.Attributes)
        {
            arguments.Add("a:" + name);
            arguments.Add(value);
        }
    }
}

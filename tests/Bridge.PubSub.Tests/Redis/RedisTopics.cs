using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.Redis;
using StackExchange.Redis;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>Topics that no other test has, and what goes through them.</summary>
internal static class RedisTopics
{
    public static BrokerTopic NewTopic(params string[] subscriptions)
    {
        var name = "topic-" + Guid.NewGuid().ToString("N")[..12];
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [.. subscriptions.Select(subscription => new BrokerSubscription { Topic = name, Name = subscription, Address = subscription, AckDeadline = TimeSpan.FromMinutes(1) })],
        };
    }

    /// <summary>A topic whose leases end within the patience of a test.</summary>
    public static BrokerTopic NewBriefTopic(params string[] subscriptions)
    {
        var topic = NewTopic(subscriptions);
        return topic with { Subscriptions = [.. topic.Subscriptions.Select(subscription => subscription with { AckDeadline = TimeSpan.FromSeconds(1) })] };
    }

    /// <summary>The topic's stream.</summary>
    public static RedisKey StreamOf(BrokerTopic topic) => $"encore:{{{topic.Address}}}:messages";

    /// <summary>Where messages of the topic's first subscription wait that aren't fresh.</summary>
    public static RedisKey PendingOf(BrokerTopic topic) => $"encore:{{{topic.Address}}}:s:{topic.Subscriptions[0].Address}:pending";

    /// <summary>Entries of the stream that the first subscription isn't done with: which, whose, and the how manieth attempt.</summary>
    public static Task<StreamPendingMessageInfo[]> OpenEntriesAsync(IDatabase database, BrokerTopic topic) =>
        database.StreamPendingMessagesAsync(StreamOf(topic), topic.Subscriptions[0].Address, 100, RedisValue.Null);

    public static async Task PublishAsync(IMessageBroker broker, BrokerTopic topic, params OutgoingMessage[] messages) =>
        Assert.All(await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None), result => Assert.Null(result.Error));

    public static async Task<Delivery> ReceiveOneAsync(IMessageSource source)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        return Assert.Single(await source.ReceiveAsync(1, patience.Token));
    }

    /// <summary>Asserts that for a while no message comes. A slow machine only makes it see less.</summary>
    public static async Task AssertNothingComesAsync(IMessageSource source)
    {
        using var patience = new CancellationTokenSource(Patience.Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReceiveAsync(1, patience.Token));
    }

    public static OutgoingMessage NewMessage(int number, string? key = null) =>
        new() { Body = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), OrderingKey = key };

    public static async Task<RedisStreamsBroker> OpenAsync(RedisBrokerOptions options, BrokerTopic topic)
    {
        var broker = new RedisStreamsBroker(options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    public static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer server, string? password = null) =>
        await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } }, Password = password, AllowAdmin = true });

    /// <returns>How many different messages came.</returns>
    public static async Task<int> HandleAllAsync(IMessageSource source, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var acknowledging = new List<Task>();
        while (seen.Count < count)
        {
            foreach (var delivery in await source.ReceiveAsync(256, patience.Token))
            {
                seen[Encoding.UTF8.GetString(delivery.Body.Span)] = true;
                acknowledging.Add(delivery.AcknowledgeAsync(patience.Token));
            }
        }

        await Task.WhenAll(acknowledging);
        return seen.Count;
    }
}

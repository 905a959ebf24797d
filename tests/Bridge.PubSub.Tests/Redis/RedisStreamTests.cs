using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using StackExchange.Redis;
using static Bridge.PubSub.Tests.Redis.RedisTopics;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>What the stream holds, and what it costs to get messages through it.</summary>
public sealed class RedisStreamTests(RedisContractTests.Servers servers) : IClassFixture<RedisContractTests.Servers>
{
    [Fact]
    public async Task Publish_UsualMessage_IsItsBodyAndAttributesAndNamedAsItsEntry()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "signup" };

        var result = Assert.Single(await broker.PublisherOf(topic).PublishAsync([NewMessage(7) with { Attributes = attributes }], CancellationToken.None));

        await using var connection = await ConnectAsync(servers.Server);
        var entry = Assert.Single(await connection.GetDatabase().StreamRangeAsync(StreamOf(topic)));
        Assert.Equal(result.MessageId, (string?)entry.Id);
        Assert.Equal([("b", "7"), ("a:kind", "signup")], entry.Values.Select(value => ((string)value.Name!, (string)value.Value!)));
    }

    [Fact]
    public async Task Publish_StreamThatIsGone_KeepsNothing()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await using var connection = await ConnectAsync(servers.Server);
        await connection.GetDatabase().KeyDeleteAsync(StreamOf(topic));

        var results = await broker.PublisherOf(topic).PublishAsync([NewMessage(1), NewMessage(2)], CancellationToken.None);

        Assert.Equal(2, results.Select(result => result.MessageId).OfType<string>().Distinct().Count());
        Assert.False(await connection.GetDatabase().KeyExistsAsync(StreamOf(topic)));
    }

    [Fact]
    public async Task Publish_AllKindsInOneCall_AllArrive()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(500);

        await PublishAsync(
            broker, topic, NewMessage(1), NewMessage(2) with { DeduplicationId = "two" }, NewMessage(3), NewMessage(4) with { DeliverAt = soon }, NewMessage(5) with { DeduplicationId = "two" });

        Assert.Equal(4, await HandleAllAsync(source, 4));
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Stream_OfRetriedAndFreshMessages_IsEmptiedAndEachHasItsAttempts()
    {
        const int Count = 600;
        var topic = NewTopic("s");
        topic = topic with { Subscriptions = [topic.Subscriptions[0] with { Retry = new RetryPolicy(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(300), 10) }] };
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        var attempts = new ConcurrentQueue<(int Number, int Attempt)>();
        await using var run = RunningSubscription.Start(broker, topic.Subscriptions[0], (delivery, _) =>
        {
            var number = int.Parse(Encoding.UTF8.GetString(delivery.Body.Span), CultureInfo.InvariantCulture);
            attempts.Enqueue((number, delivery.Attempt));
            return new(delivery.Attempt <= number % 3 ? HandlingResult.Failed("not yet") : HandlingResult.Done);
        });

        for (var number = 0; number < Count; number += 50)
        {
            await PublishAsync(broker, topic, [.. Enumerable.Range(number, 50).Select(one => NewMessage(one))]);
        }

        await Patience.UntilAsync(() => run.Handled.Count >= Count, run.Describe);
        await run.StopAsync();
        Assert.All(attempts.GroupBy(one => one.Number), one => Assert.Equal(Enumerable.Range(1, (one.Key % 3) + 1), one.Select(attempt => attempt.Attempt)));
        Assert.Equal(Count, attempts.DistinctBy(one => one.Number).Count());
        await using var connection = await ConnectAsync(servers.Server);
        Assert.Empty(await OpenEntriesAsync(connection.GetDatabase(), topic));
        Assert.Equal(0, await connection.GetDatabase().SortedSetLengthAsync(PendingOf(topic)));
        Assert.InRange(await connection.GetDatabase().StreamLengthAsync(StreamOf(topic)), 0, 1);
    }

    [Fact]
    public async Task Stream_WithOneMessageThatTakesLong_KeepsThatAndNoLaterOne()
    {
        const int Count = 1000;
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await using var connection = await ConnectAsync(servers.Server);
        var database = connection.GetDatabase();
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, Count).Select(number => NewMessage(number))]);
        var slow = await ReceiveOneAsync(source);

        await AcknowledgeTogetherAsync(source, Count - 1);
        Assert.Equal(slow.MessageId, (string?)Assert.Single(await database.StreamRangeAsync(StreamOf(topic))).Id);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, Count).Select(number => NewMessage(number))]);
        await slow.AcknowledgeAsync(CancellationToken.None);
        await AcknowledgeTogetherAsync(source, Count);

        // What is left is less than one of the server's blocks.
        Assert.InRange(await database.StreamLengthAsync(StreamOf(topic)), 0, 100);
        await source.DisposeAsync();
        Assert.InRange(await database.StreamLengthAsync(StreamOf(topic)), 0, 1);
    }

    [Fact]
    public async Task Stream_OfSeveralSubscriptions_IsTrimmedToWhatOneLacks()
    {
        const int Count = 2500;
        var topic = NewTopic("quick", "slow");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await using var connection = await ConnectAsync(servers.Server);
        var database = connection.GetDatabase();
        await using var quick = RunningSubscription.Start(broker, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, Count).Select(number => NewMessage(number))]);
        await Patience.UntilAsync(() => quick.Handled.Count == Count, quick.Describe);
        Assert.Equal(Count, await database.StreamLengthAsync(StreamOf(topic)));

        await using var slow = RunningSubscription.Start(broker, topic.Subscriptions[1], (_, _) => new(HandlingResult.Done));

        await Patience.UntilAsync(() => slow.Handled.Count == Count, slow.Describe);
        await Patience.UntilAsync(async () => await database.StreamLengthAsync(StreamOf(topic)) <= 1, () => "the stream isn't trimmed");
    }

    [Fact]
    public async Task Stream_WithSubscriptionThatOthersMade_KeepsItsMessages()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        var grown = topic with { Subscriptions = [.. topic.Subscriptions, topic.Subscriptions[0] with { Name = "new", Address = "new" }] };
        await using var other = await OpenAsync(servers.Server.Options, grown);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 50).Select(number => NewMessage(number))]);

        await using (var run = RunningSubscription.Start(broker, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done)))
        {
            await Patience.UntilAsync(() => run.Handled.Count == 50, run.Describe);
            await run.StopAsync();
        }

        await using var source = await other.OpenAsync(grown.Subscriptions[1], CancellationToken.None);
        Assert.Equal(50, await HandleAllAsync(source, 50));
    }

    [Fact]
    public async Task Commands_ForAThousandMessages_StayWithinTheirBudget()
    {
        await using var server = await RedisServer.StartAsync();
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(server.Options with { PollInterval = TimeSpan.FromMinutes(1) }, topic);
        await using var connection = await ConnectAsync(server);
        await connection.GetServers()[0].ConfigResetStatisticsAsync();
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);

        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 1000).Select(number => NewMessage(number))]);
        await AcknowledgeTogetherAsync(source, 1000);

        var calls = await CallsAsync(connection);
        int Calls(string command) => calls.GetValueOrDefault(command);
        Assert.Equal(1000, Calls("xadd"));
        Assert.Equal((4, 4), (Calls("xreadgroup"), Calls("xack")));
        Assert.InRange(Calls("xdel") + Calls("xtrim"), 4, 5);
        Assert.InRange(Calls("publish"), 1, 2);
        Assert.Equal(0, Calls("hset") + Calls("hget") + Calls("hmget") + Calls("hdel") + Calls("zadd") + Calls("zrem") + Calls("xclaim"));

        // Publishing and acknowledging, each batch with one; a look for what waits, and a trimming.
        Assert.InRange(Calls("evalsha") + Calls("eval"), 1, 2 + 4 + 2);
    }

    private static async Task AcknowledgeTogetherAsync(IMessageSource source, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (count > 0)
        {
            var deliveries = await source.ReceiveAsync(Math.Min(count, 250), patience.Token);
            Assert.All(await ((IBatchedMessageSource)source).AcknowledgeAsync(deliveries, patience.Token), Assert.Null);
            count -= deliveries.Count;
        }
    }

    private static async Task<Dictionary<string, int>> CallsAsync(ConnectionMultiplexer connection)
    {
        var groups = await connection.GetServers()[0].InfoAsync("commandstats");
        return groups.SelectMany(group => group).ToDictionary(
            pair => pair.Key["cmdstat_".Length..], pair => int.Parse(pair.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.Redis;
using StackExchange.Redis;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>What is Redis's own among the brokers.</summary>
public sealed class RedisBrokerTests(RedisContractTests.Servers servers) : IClassFixture<RedisContractTests.Servers>
{
    [Fact]
    public async Task Messages_AllDoneWith_LeaveNoKeyBehind()
    {
        var topic = NewTopic("a", "b") with { IsOrdered = true };
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        var messages = Enumerable.Range(0, 300).Select(number => NewMessage(number, $"key-{number % 5}")).ToArray();
        Assert.All(await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None), result => Assert.Null(result.Error));
        await using var connection = await ConnectAsync(servers.Server);

        foreach (var subscription in topic.Subscriptions)
        {
            await using var source = await broker.OpenAsync(subscription, CancellationToken.None);
            await HandleAllAsync(source, 300);
            using var idle = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReceiveAsync(1, idle.Token));
        }

        // The last one read stays: where a group is in the stream is told by it.
        var database = connection.GetDatabase();
        Assert.Equal(1, await database.StreamLengthAsync($"encore:{{{topic.Address}}}:messages"));
        var keys = new List<string?>();
        await foreach (var key in connection.GetServer("127.0.0.1", servers.Server.Port).KeysAsync(pattern: $"*{topic.Address}*"))
        {
            keys.Add(key);
        }

        Assert.Equal([$"encore:{{{topic.Address}}}:messages"], keys);
    }

    [Fact]
    public async Task Trim_MessageThatOneSubscriptionLacks_Stays()
    {
        var topic = NewTopic("quick", "slow");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await broker.PublisherOf(topic).PublishAsync([.. Enumerable.Range(0, 20).Select(number => NewMessage(number))], CancellationToken.None);
        await using var quick = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await HandleAllAsync(quick, 20);
        using var idle = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => quick.ReceiveAsync(1, idle.Token));

        await using var slow = await broker.OpenAsync(topic.Subscriptions[1], CancellationToken.None);

        Assert.Equal(20, await HandleAllAsync(slow, 20));
    }

    [Fact]
    public async Task Acknowledge_WithLeaseThatIsOver_LeavesTheMessageToTheOther()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await broker.PublisherOf(topic).PublishAsync([NewMessage(1)], CancellationToken.None);
        await using var first = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var second = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var connection = await ConnectAsync(servers.Server);
        using var patience = new CancellationTokenSource(Patience.Long);
        var stale = Assert.Single(await first.ReceiveAsync(1, patience.Token));
        var pending = (RedisKey)$"encore:{{{topic.Address}}}:s:{topic.Subscriptions[0].Address}:pending";
        var entry = Assert.Single(await connection.GetDatabase().SortedSetRangeByRankAsync(pending));
        await connection.GetDatabase().SortedSetAddAsync(pending, entry, 0);
        var current = Assert.Single(await second.ReceiveAsync(1, patience.Token));

        await stale.AcknowledgeAsync(CancellationToken.None);
        await stale.RetryAsync(TimeSpan.Zero, CancellationToken.None);
        await stale.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "late"), CancellationToken.None);

        Assert.Equal(1, await connection.GetDatabase().SortedSetLengthAsync(pending));
        Assert.Equal(0, await broker.DeadLettersOf(topic.Subscriptions[0]).CountAsync(CancellationToken.None));
        Assert.Equal(2, current.Attempt);
        await current.AcknowledgeAsync(CancellationToken.None);
        Assert.Equal(0, await connection.GetDatabase().SortedSetLengthAsync(pending));
    }

    [Fact]
    public async Task Prepare_ServerThatForgets_ListsItsSettings()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        var topic = NewTopic("s");
        await using var strict = new RedisStreamsBroker(server.Options with { Durability = RedisDurability.EverySecond }, [topic]);
        await using var lenient = new RedisStreamsBroker(server.Options with { Durability = RedisDurability.None }, [topic]);

        var missing = await strict.PrepareAsync(provision: true, CancellationToken.None);

        Assert.Collection(
            missing,
            line => Assert.StartsWith("setting appendonly yes of Redis at 127.0.0.1:", line, StringComparison.Ordinal),
            line => Assert.StartsWith("setting maxmemory-policy noeviction of Redis at", line, StringComparison.Ordinal));
        Assert.Empty(await lenient.PrepareAsync(provision: true, CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_ServerThatSyncsEverySecond_SufficesUnlessAlwaysIsAskedFor()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "everysec");
        var topic = NewTopic("s");
        await using var strict = new RedisStreamsBroker(server.Options, [topic]);
        await using var usual = new RedisStreamsBroker(server.Options with { Durability = RedisDurability.EverySecond }, [topic]);

        Assert.StartsWith("setting appendfsync always", Assert.Single(await strict.PrepareAsync(provision: true, CancellationToken.None)), StringComparison.Ordinal);
        Assert.Empty(await usual.PrepareAsync(provision: true, CancellationToken.None));
    }

    [Fact]
    public async Task User_WithPasswordDatabaseAndPrefix_IsUsed_AndAWrongOneIsToldApart()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always", "--requirepass", "s3cret");
        var topic = NewTopic("s");
        var options = server.Options with { Password = "s3cret", Database = 3, Prefix = "mine/" };
        await using var broker = await OpenAsync(options, topic);
        Assert.Null(Assert.Single(await broker.PublisherOf(topic).PublishAsync([NewMessage(1)], CancellationToken.None)).Error);
        await using var connection = await ConnectAsync(server, "s3cret");
        Assert.True(await connection.GetDatabase(3).KeyExistsAsync($"mine/{{{topic.Address}}}:messages"));

        await using var stranger = new RedisStreamsBroker(options with { Password = "wrong" }, [topic]);
        var error = await Assert.ThrowsAsync<BrokerException>(() => stranger.PrepareAsync(provision: true, CancellationToken.None));

        Assert.False(error.IsTransient, error.ToString());
        Assert.Contains($"127.0.0.1:{server.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_ReplicasThatAreNotThere_Fails()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options with { Replicas = 1, ReplicaTimeout = TimeSpan.FromMilliseconds(50) }, topic);

        var error = Assert.IsType<BrokerException>(Assert.Single(await broker.PublisherOf(topic).PublishAsync([NewMessage(1)], CancellationToken.None)).Error);

        Assert.True(error.IsTransient);
        Assert.Contains("0 of 1 replicas", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_TwentyThousand_AreAllHandled()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var handling = HandleAllAsync(source, 20_000);
        var publisher = broker.PublisherOf(topic);

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (part, cancellation) =>
            Assert.All(
                await publisher.PublishAsync([.. Enumerable.Range(part * 100, 100).Select(number => NewMessage(number))], cancellation),
                result => Assert.Null(result.Error)));

        Assert.Equal(20_000, await handling);
    }

    private static BrokerTopic NewTopic(params string[] subscriptions)
    {
        var name = "topic-" + Guid.NewGuid().ToString("N")[..12];
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [.. subscriptions.Select(subscription => new BrokerSubscription { Topic = name, Name = subscription, Address = subscription, AckDeadline = TimeSpan.FromMinutes(1) })],
        };
    }

    private static OutgoingMessage NewMessage(int number, string? key = null) =>
        new() { Body = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), OrderingKey = key };

    private static async Task<RedisStreamsBroker> OpenAsync(RedisBrokerOptions options, BrokerTopic topic)
    {
        var broker = new RedisStreamsBroker(options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer server, string? password = null) =>
        await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } }, Password = password, AllowAdmin = true });

    /// <returns>How many different messages came.</returns>
    private static async Task<int> HandleAllAsync(IMessageSource source, int count)
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

using Bridge.PubSub.Tests.Contract;
using Bridge.Redis;
using static Bridge.PubSub.Tests.Redis.RedisTopics;

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
}

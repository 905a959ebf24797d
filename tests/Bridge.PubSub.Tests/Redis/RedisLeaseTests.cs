using Bridge.PubSub.Tests.Contract;
using StackExchange.Redis;
using static Bridge.PubSub.Tests.Redis.RedisTopics;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>Who has a message, and the how manieth attempt that is: in the stream's own list, and beside it.</summary>
public sealed class RedisLeaseTests(RedisContractTests.Servers servers) : IClassFixture<RedisContractTests.Servers>
{
    [Fact]
    public async Task Settle_WithLeaseThatIsOver_LeavesTheMessageToTheOther()
    {
        var topic = NewBriefTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var first = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var second = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var connection = await ConnectAsync(servers.Server);
        var database = connection.GetDatabase();
        var stale = await ReceiveOneAsync(first);
        var current = await ReceiveOneAsync(second);
        var lease = Assert.Single(await OpenEntriesAsync(database, topic));

        await stale.ExtendAsync(CancellationToken.None);
        await stale.AcknowledgeAsync(CancellationToken.None);
        Assert.Null(Assert.Single(await ((IBatchedMessageSource)first).AcknowledgeAsync([stale], CancellationToken.None)));
        await stale.RetryAsync(TimeSpan.Zero, CancellationToken.None);
        await stale.ReleaseAsync(CancellationToken.None);
        await stale.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "late"), CancellationToken.None);

        var kept = Assert.Single(await OpenEntriesAsync(database, topic));
        Assert.Equal((lease.MessageId, lease.ConsumerName, 2), (kept.MessageId, kept.ConsumerName, kept.DeliveryCount));
        Assert.True(kept.IdleTimeInMilliseconds >= lease.IdleTimeInMilliseconds, "The lease began anew.");
        Assert.Equal(0, await database.SortedSetLengthAsync(PendingOf(topic)));
        Assert.Equal(0, await broker.DeadLettersOf(topic.Subscriptions[0]).CountAsync(CancellationToken.None));
        Assert.Equal(2, current.Attempt);
        await current.AcknowledgeAsync(CancellationToken.None);
        Assert.Empty(await OpenEntriesAsync(database, topic));
    }

    [Fact]
    public async Task Settle_RetriedMessageWithLeaseThatIsOver_LeavesItToTheOther()
    {
        var topic = NewBriefTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var first = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var second = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var connection = await ConnectAsync(servers.Server);
        var database = connection.GetDatabase();
        await (await ReceiveOneAsync(first)).RetryAsync(TimeSpan.Zero, CancellationToken.None);
        var stale = await ReceiveOneAsync(first);
        var current = await ReceiveOneAsync(second);

        Assert.Null(Assert.Single(await ((IBatchedMessageSource)first).AcknowledgeAsync([stale], CancellationToken.None)));
        await stale.RetryAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal((2, 3), (stale.Attempt, current.Attempt));
        Assert.Equal(1, await database.SortedSetLengthAsync(PendingOf(topic)));
        Assert.Single(await OpenEntriesAsync(database, topic));
        Assert.Null(Assert.Single(await ((IBatchedMessageSource)second).AcknowledgeAsync([current], CancellationToken.None)));
        Assert.Equal(0, await database.SortedSetLengthAsync(PendingOf(topic)));
        Assert.Empty(await OpenEntriesAsync(database, topic));
    }

    [Fact]
    public async Task Attempts_OfCrashesReleasesAndRetries_AreCountedExactly()
    {
        var topic = NewBriefTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var vanished = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);

        var first = await ReceiveOneAsync(vanished);
        var second = await ReceiveOneAsync(source);
        await second.ReleaseAsync(CancellationToken.None);
        var secondAgain = await ReceiveOneAsync(source);
        await secondAgain.RetryAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        var third = await ReceiveOneAsync(source);
        await third.ReleaseAsync(CancellationToken.None);
        var thirdAgain = await ReceiveOneAsync(source);

        // Nobody says a word about it: its lease ends.
        var fourth = await ReceiveOneAsync(source);
        await fourth.AcknowledgeAsync(CancellationToken.None);

        var all = new[] { first, second, secondAgain, third, thirdAgain, fourth };
        Assert.Equal([1, 2, 2, 3, 3, 4], all.Select(delivery => delivery.Attempt));
        Assert.Single(all.Select(delivery => (delivery.MessageId, delivery.PublishedAt)).Distinct());
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Lease_OfManyThatAVanishedProcessHad_ComeAsTheNextAttempt()
    {
        const int Count = 500;
        var topic = NewBriefTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, Count).Select(number => NewMessage(number))]);
        await using var vanished = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience.Long);
        Assert.Equal(Count, (await vanished.ReceiveAsync(Count, patience.Token)).Count);

        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (ids.Count < Count)
        {
            var deliveries = await source.ReceiveAsync(25, patience.Token);
            Assert.All(deliveries, delivery => Assert.True(delivery.Attempt >= 2, "An attempt that a crash ended isn't counted."));
            ids.UnionWith(deliveries.Select(delivery => delivery.MessageId));
            Assert.All(await ((IBatchedMessageSource)source).AcknowledgeAsync(deliveries, patience.Token), Assert.Null);
        }

        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Lease_OfMessageThatItsOwnProcessForgot_ComesBackToIt()
    {
        var topic = NewBriefTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);

        var forgotten = await ReceiveOneAsync(source);
        var again = await ReceiveOneAsync(source);
        await forgotten.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "late"), CancellationToken.None);
        await again.AcknowledgeAsync(CancellationToken.None);

        Assert.Equal((1, 2), (forgotten.Attempt, again.Attempt));
        Assert.Equal(0, await broker.DeadLettersOf(topic.Subscriptions[0]).CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Retry_ServerKilledMeanwhile_WaitsItsTimeAsTheNextAttempt()
    {
        await using var server = await RedisServer.StartAsync();
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var first = await ReceiveOneAsync(source);
        var begun = TimeProvider.System.GetTimestamp();
        await first.RetryAsync(TimeSpan.FromSeconds(3), CancellationToken.None);

        await server.KillAsync();
        await server.LaunchAsync();
        var second = await ReceiveOneAsync(source);

        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromSeconds(2.9), "It came before its delay was over.");
        Assert.Equal((first.MessageId, 2), (second.MessageId, second.Attempt));
        await second.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Lease_ServerKilledMeanwhile_IsStillTheProcesss()
    {
        await using var server = await RedisServer.StartAsync();
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1), NewMessage(2));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var deliveries = new[] { await ReceiveOneAsync(source), await ReceiveOneAsync(source) };

        await server.KillAsync();
        await server.LaunchAsync();
        var errors = await ((IBatchedMessageSource)source).AcknowledgeAsync(deliveries, CancellationToken.None);

        Assert.All(errors, Assert.Null);
        await using var connection = await ConnectAsync(server);
        Assert.Empty(await OpenEntriesAsync(connection.GetDatabase(), topic));
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task DeadLetter_OfFreshMessage_HasItsNameAndTime_AndReplayedKeepsItsName()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = await ReceiveOneAsync(source);
        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no"), CancellationToken.None);
        var letters = broker.DeadLettersOf(topic.Subscriptions[0]);

        var letter = Assert.Single(await letters.ListAsync(10, CancellationToken.None));
        await letters.ReplayAsync(ids: null, CancellationToken.None);
        var replayed = await ReceiveOneAsync(source);

        Assert.Equal((delivery.MessageId, delivery.PublishedAt, 1), (letter.MessageId, letter.PublishedAt, letter.Attempts));
        Assert.Equal((delivery.MessageId, 1), (replayed.MessageId, replayed.Attempt));
        await replayed.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Dispose_SourceWithNothingLeft_IsForgottenByTheServer()
    {
        var topic = NewTopic("s");
        await using var broker = await OpenAsync(servers.Server.Options, topic);
        await PublishAsync(broker, topic, NewMessage(1), NewMessage(2));
        var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await (await ReceiveOneAsync(source)).AcknowledgeAsync(CancellationToken.None);
        await ReceiveOneAsync(source);

        await source.DisposeAsync();

        await using var connection = await ConnectAsync(servers.Server);
        var consumers = await connection.GetDatabase().StreamConsumerInfoAsync(StreamOf(topic), topic.Subscriptions[0].Address);
        Assert.Equal(("host", 1), Assert.Single(consumers.Select(consumer => (consumer.Name, consumer.PendingMessageCount))));
    }
}

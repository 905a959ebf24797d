using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.PubSub;

/// <summary>What is PostgreSQL's own among the brokers.</summary>
public sealed class PostgresBrokerTests(SharedServer shared) : BrokerTest(shared)
{
    [Fact]
    public async Task Acknowledge_WithLeaseThatIsOver_LeavesTheMessageToTheOther()
    {
        var topic = NewTopic("t", "s");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"));
        await using var first = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var second = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var stale = Assert.Single(await ReceiveAsync(first, 1));
        await RunAsync("UPDATE encore_pubsub.delivery SET visible_at = now()");
        var current = Assert.Single(await ReceiveAsync(second, 1));

        await stale.AcknowledgeAsync(CancellationToken.None);
        await stale.RetryAsync(TimeSpan.Zero, CancellationToken.None);
        await stale.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "late"), CancellationToken.None);

        Assert.Equal((1L, 0L), (await CountAsync("delivery"), await CountAsync("dead_letter")));
        Assert.Equal(2, current.Attempt);
        await current.AcknowledgeAsync(CancellationToken.None);
        Assert.Equal((0L, 0L), (await CountAsync("delivery"), await CountAsync("message")));
    }

    [Fact]
    public async Task Message_OfTwoSubscriptions_IsStoredOnceAndGoesWithTheLast()
    {
        var topic = NewTopic("t", "a", "b");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"), NewMessage("2"));
        await using var one = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await using var two = await broker.OpenAsync(topic.Subscriptions[1], CancellationToken.None);
        Assert.Equal((2L, 4L), (await CountAsync("message"), await CountAsync("delivery")));

        var first = await ReceiveAsync(one, 2);
        await first[0].AcknowledgeAsync(CancellationToken.None);
        await first[1].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no\0t good"), CancellationToken.None);
        Assert.Equal(2, await CountAsync("message"));
        await Task.WhenAll((await ReceiveAsync(two, 2)).Select(delivery => delivery.AcknowledgeAsync(CancellationToken.None)));

        Assert.Equal((1L, 0L), (await CountAsync("message"), await CountAsync("delivery")));
        Assert.Equal("no\uFFFDt good", Assert.Single(await broker.DeadLettersOf(topic.Subscriptions[0]).ListAsync(5, CancellationToken.None)).Reason.Text);
        Assert.Equal(1, await broker.DeadLettersOf(topic.Subscriptions[0]).PurgeAsync(null, CancellationToken.None));
        Assert.Equal(0, await CountAsync("message"));
    }

    [Fact]
    public async Task Sweep_DeletesWhatNobodyNeeds_AndNothingElse()
    {
        var topic = NewTopic("t", "a");
        var broker = await OpenAsync(topic, options => options with { DeadLetterRetention = TimeSpan.FromDays(1) });
        await PublishAsync(broker, topic, NewMessage("waits") with { DeduplicationId = "new" }, NewMessage("old letter"), NewMessage("new letter"));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var deliveries = await ReceiveAsync(source, 3);
        await deliveries[1].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, ""), CancellationToken.None);
        await deliveries[2].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, ""), CancellationToken.None);
        await RunAsync($"UPDATE encore_pubsub.dead_letter SET died_at = now() - interval '2 days' WHERE message = {deliveries[1].MessageId}");
        await RunAsync("INSERT INTO encore_pubsub.deduplication SELECT topic, gen_random_uuid(), 1, now() - interval '1 s' FROM encore_pubsub.deduplication, generate_series(1, 12000)");
        await RunAsync("INSERT INTO encore_pubsub.message SELECT 1000000 + n, topic, now(), null, '' FROM encore_pubsub.message, generate_series(1, 10) n WHERE id = 1");

        Assert.Equal(12000 + 1 + 11, await broker.SweepAsync());

        Assert.Equal((1L, 1L, 2L), (await CountAsync("deduplication"), await CountAsync("dead_letter"), await CountAsync("message")));
        Assert.Equal(0, await broker.SweepAsync());
    }

    [Fact]
    public async Task Ordered_ManyMessagesOfOneKeyInFront_HideNoOtherKey()
    {
        var topic = NewTopic("t", "s") with { IsOrdered = true };
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 5000).Select(number => NewMessage($"a{number}", "a"))]);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 300).Select(number => NewMessage($"k{number}", $"k{number}")), NewMessage("free")]);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);

        var deliveries = await ReceiveAsync(source, 302);

        Assert.Equal(302, deliveries.Select(TextOf).Distinct().Count());
        Assert.Contains("a0", deliveries.Select(TextOf));
        Assert.Contains("free", deliveries.Select(TextOf));
    }

    [Fact]
    public async Task Ordered_TwoProcessesPublishAtOnce_NumbersFollowCommits()
    {
        var topic = NewTopic("t", "s") with { IsOrdered = true };
        var brokers = new[] { await OpenAsync(topic), await OpenAsync(topic) };
        await using var holder = await Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('encore-pubsub:encore_pubsub:' || id, 0)) FROM encore_pubsub.topic", holder))
        {
            await command.ExecuteNonQueryAsync();
        }

        var publishing = brokers.Select(broker => PublishAsync(broker, topic, NewMessage("x", "k"))).ToList();
        await UntilAsync(async () => await AskAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 2, "both wait for the topic's turn");
        Assert.False(await AskAsync<bool>("SELECT is_called FROM encore_pubsub.message_id"));
        await transaction.RollbackAsync();
        await Task.WhenAll(publishing);

        Assert.Equal(2, await CountAsync("delivery"));
    }

    [Fact]
    public async Task Publish_CancelledCall_EndsAndOthersArrive()
    {
        var topic = NewTopic("t", "s");
        var broker = await OpenAsync(topic);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => broker.PublisherOf(topic).PublishAsync([NewMessage("no")], cancelled.Token));
        await PublishAsync(broker, topic, NewMessage("yes"));

        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        Assert.Equal("yes", TextOf(Assert.Single(await ReceiveAsync(source, 1))));
    }

    [Fact]
    public async Task Network_CutWhileMessagesFlow_LosesNothingTaken()
    {
        using var proxy = new TcpProxy(Shared.Server.Port);
        var database = new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString).Database!;
        var topic = NewTopic("t", "s");
        var broker = await OpenAsync(topic, options => options with { ConnectionString = PostgresServer.ConnectionTo(proxy.Port, database) });
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        using var enough = new CancellationTokenSource();
        var handled = new HashSet<string>();
        var handling = HandleAsync(source, handled, enough.Token);
        List<string> taken = [];

        for (var number = 0; number < 300; number++)
        {
            if (number % 60 == 30)
            {
                proxy.Cut();
            }

            var text = number.ToString(CultureInfo.InvariantCulture);
            var result = Assert.Single(await broker.PublisherOf(topic).PublishAsync([NewMessage(text)], CancellationToken.None).WaitAsync(Patience));
            Assert.True(result.Error is null or BrokerException { IsTransient: true }, result.Error?.ToString());
            if (result.Error is null)
            {
                taken.Add(text);
            }
        }

        await UntilAsync(() => Task.FromResult(Seen(handled).IsSupersetOf(taken)), "all are handled");
        await enough.CancelAsync();
        await handling;
        Assert.True(taken.Count > 200, $"{taken.Count} taken");
    }

    [Fact]
    public async Task Publish_TenThousandAtOnce_AllAreHandledAndNothingIsLeft()
    {
        const int Count = 10_000;
        var topic = NewTopic("t", "s");
        var broker = await OpenAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        using var enough = new CancellationTokenSource();
        var handled = new HashSet<string>();
        var handling = HandleAsync(source, handled, enough.Token);

        var publisher = broker.PublisherOf(topic);
        var results = await Task.WhenAll(Enumerable.Range(0, Count).Select(number => publisher.PublishAsync([NewMessage(number.ToString(CultureInfo.InvariantCulture))], CancellationToken.None)));
        await UntilAsync(() => Task.FromResult(Seen(handled).Count == Count), "all are handled");
        await UntilAsync(async () => await CountAsync("delivery") == 0, "all are acknowledged");
        await enough.CancelAsync();
        await handling;

        Assert.All(results, result => Assert.Null(Assert.Single(result).Error));
        Assert.Equal(0, await CountAsync("message"));
    }

    private static HashSet<string> Seen(HashSet<string> handled)
    {
        lock (handled)
        {
            return [.. handled];
        }
    }

    private static async Task HandleAsync(IMessageSource source, HashSet<string> handled, CancellationToken enough)
    {
        try
        {
            while (true)
            {
                foreach (var delivery in await source.ReceiveAsync(256, enough))
                {
                    lock (handled)
                    {
                        handled.Add(TextOf(delivery));
                    }

                    _ = delivery.AcknowledgeAsync(CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }
    }

    private Task<long> CountAsync(string table) => AskAsync<long>($"SELECT count(*) FROM encore_pubsub.{table}");
}

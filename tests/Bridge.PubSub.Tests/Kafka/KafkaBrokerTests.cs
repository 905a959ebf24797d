using Bridge.Kafka;
using static Bridge.PubSub.Tests.Kafka.KafkaFixture;

namespace Bridge.PubSub.Tests.Kafka;

public sealed class KafkaBrokerTests
{
    private static readonly string[] Sequence = ["1", "2", "3"];

    [Fact]
    public async Task Publish_OfSeveral_ReachesEverySubscription_WithAttributes()
    {
        await using var fixture = new KafkaFixture();
        var broker = fixture.NewBroker();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var results = await broker.PublisherOf(fixture.Orders).PublishAsync(
            [
                Message("a") with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["city"] = "Köln" } },
                Message("b"),
            ],
            CancellationToken.None);

        await using var ledger = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        await using var mail = await broker.OpenAsync(fixture.Mail, CancellationToken.None);
        foreach (var source in new[] { ledger, mail })
        {
            var deliveries = (await ReceiveAsync(source, 2)).OrderBy(TextOf).ToArray();
            Assert.Equal(["a", "b"], deliveries.Select(TextOf));
            Assert.Equal(results.Select(result => result.MessageId), deliveries.Select(delivery => delivery.MessageId));
            Assert.Equal("Köln", deliveries[0].Attributes["city"]);
            Assert.Empty(deliveries[1].Attributes);
            Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Attempt));
            Assert.All(deliveries, delivery => Assert.InRange(delivery.PublishedAt, before, DateTimeOffset.UtcNow));
        }
    }

    [Fact]
    public async Task Acknowledged_BehindUnfinished_OnlyWhatIsBeforeIsCommitted()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("1"), Message("2"), Message("3"));
        await using (var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None))
        {
            var deliveries = await ReceiveAsync(source, 3);
            await deliveries[0].AcknowledgeAsync(CancellationToken.None);
            await deliveries[2].AcknowledgeAsync(CancellationToken.None);
        }

        await using var next = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        Assert.Equal(["2", "3"], (await ReceiveAsync(next, 2)).Select(TextOf));
    }

    [Fact]
    public async Task Retry_WithoutKey_ComesThroughTheRetryTopic_AndLetsOthersPass()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("1") with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["encore-attempt"] = "7" } });
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        var first = (await ReceiveAsync(source, 1))[0];
        await first.RetryAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

        await PublishAsync(broker, fixture.Orders, Message("2"));
        Assert.Equal("2", TextOf((await ReceiveAsync(source, 1))[0]));
        var again = (await ReceiveAsync(source, 1))[0];
        Assert.Equal("1", TextOf(again));
        Assert.Equal(2, again.Attempt);
        Assert.Equal(first.MessageId, again.MessageId);
        Assert.Equal(first.PublishedAt, again.PublishedAt);
        Assert.Equal("7", Assert.Single(again.Attributes).Value);
    }

    [Fact]
    public async Task Retry_AcrossRestart_KeepsItsAttemptAndItsTime()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("1"), Message("2"));
        await using (var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None))
        {
            var deliveries = await ReceiveAsync(source, 2);
            await deliveries[0].RetryAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
            await deliveries[1].RetryAsync(TimeSpan.Zero, CancellationToken.None);
            await (await ReceiveAsync(source, 1))[0].AcknowledgeAsync(CancellationToken.None);
        }

        await using var next = await fixture.NewBroker().OpenAsync(fixture.Ledger, CancellationToken.None);
        var again = (await ReceiveAsync(next, 1))[0];
        Assert.Equal(("1", 2), (TextOf(again), again.Attempt));
    }

    [Fact]
    public async Task Order_OfAKey_IsKeptOverRetries_WhileOtherKeysGoOn()
    {
        await using var fixture = new KafkaFixture(isOrdered: true, partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, [.. Sequence.SelectMany(text => new[] { Message("a" + text, "a"), Message("b" + text, "b") })]);
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);

        var order = new List<string>();
        var failures = 0;
        while (order.Count < 6)
        {
            var delivery = (await ReceiveAsync(source, 1))[0];
            var text = TextOf(delivery);
            if (text == "a1" && failures < 2)
            {
                Assert.Equal(++failures, delivery.Attempt);
                await delivery.RetryAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None);
                continue;
            }

            order.Add(text);
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }

        Assert.Equal(["b1", "b2", "b3", "a1", "a2", "a3"], order);
    }

    [Fact]
    public async Task Order_WhileAnEarlierOneIsHandled_NoLaterOneOfItsKeyComes()
    {
        await using var fixture = new KafkaFixture(isOrdered: true, partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("a1", "a"), Message("a2", "a"), Message("b1", "b"), Message("n1"), Message("n2"));
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);

        var deliveries = await ReceiveAsync(source, 4);
        Assert.Equal(["a1", "b1", "n1", "n2"], deliveries.Select(TextOf));
        await deliveries[0].AcknowledgeAsync(CancellationToken.None);
        Assert.Equal("a2", TextOf((await ReceiveAsync(source, 1))[0]));
    }

    [Fact]
    public async Task Release_ComesAgainAtOnce_AsTheSameAttempt()
    {
        await using var fixture = new KafkaFixture();
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("1"));
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        await (await ReceiveAsync(source, 1))[0].ReleaseAsync(CancellationToken.None);

        Assert.Equal(1, (await ReceiveAsync(source, 1))[0].Attempt);
    }

    [Fact]
    public async Task Lease_ThatNobodyExtends_BringsTheMessageBack_AndLateAnswersHaveNoEffect()
    {
        await using var fixture = new KafkaFixture(ackDeadline: TimeSpan.FromSeconds(1));
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, Message("1"));
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        var first = (await ReceiveAsync(source, 1))[0];
        var second = (await ReceiveAsync(source, 1))[0];
        Assert.Equal((2, first.MessageId), (second.Attempt, second.MessageId));

        await first.AcknowledgeAsync(CancellationToken.None);
        await second.RetryAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(3, (await ReceiveAsync(source, 1))[0].Attempt);
    }

    [Fact]
    public async Task Receive_Cancelled_LosesNothing()
    {
        await using var fixture = new KafkaFixture();
        var broker = fixture.NewBroker();
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReceiveAsync(10, cancelled.Token));

        await PublishAsync(broker, fixture.Orders, Message("1"));
        Assert.Equal("1", TextOf((await ReceiveAsync(source, 1))[0]));
    }

    [Fact]
    public async Task Prepare_WithoutTopics_NamesThem()
    {
        await using var fixture = new KafkaFixture();
        var sub = new BrokerSubscription { Topic = "bills", Name = "print", Address = "print" };
        await using var broker = new KafkaBroker(
            new KafkaBrokerOptions { BootstrapServers = fixture.Cluster.BootstrapServers, Prefix = "shop." },
            [new BrokerTopic { Name = "bills", Address = "bills-v1", Subscriptions = [sub] }]);

        Assert.Equal(
            [
                "Kafka topic \"shop.bills-v1\" (topic \"bills\")",
                "Kafka topic \"shop.bills-v1.print.retry\" (retries of subscription \"print\" of topic \"bills\")",
                "Kafka topic \"shop.bills-v1.print.dead\" (dead letters of subscription \"print\" of topic \"bills\")",
            ],
            await broker.PrepareAsync(provision: false, CancellationToken.None));
        Assert.Empty(await fixture.NewBroker().PrepareAsync(provision: true, CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_WithNobodyThere_SaysWhereAndWhatToDo()
    {
        await using var broker = new KafkaBroker(
            new KafkaBrokerOptions { BootstrapServers = "127.0.0.1:1", RequestTimeout = TimeSpan.FromSeconds(1) }, []);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: false, CancellationToken.None));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("brokers run", error.Help, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Prepare_WithAClusterThatMakesNoTopics_NamesThem()
    {
        await using var fixture = new KafkaFixture();
        await using var broker = new KafkaBroker(
            new KafkaBrokerOptions { BootstrapServers = fixture.Cluster.BootstrapServers, RequestTimeout = TimeSpan.FromSeconds(1) },
            [new BrokerTopic { Name = "bills", Address = "bills" }]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.Contains("(bills)", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public void Topics_ThatAreMade_KeepMessagesForTheirTime_AndDeadLettersForEver()
    {
        var options = new KafkaBrokerOptions { BootstrapServers = "127.0.0.1:1", Partitions = 3, ReplicationFactor = 2 };
        var maker = new TopicMaker(options, new KafkaClients(options));

        var retry = maker.SpecificationOf(new NeededTopic("t.retry", "retries", TimeSpan.FromHours(1)));
        Assert.Equal(("t.retry", 3, (short)2), (retry.Name, retry.NumPartitions, retry.ReplicationFactor));
        Assert.Equal(("retention.ms", "3600000"), Assert.Single(retry.Configs.Select(entry => (entry.Key, entry.Value))));
        var dead = maker.SpecificationOf(new NeededTopic("t.dead", "dead letters", Retention: null));
        Assert.Equal(("cleanup.policy", "compact"), Assert.Single(dead.Configs.Select(entry => (entry.Key, entry.Value))));
    }

    [Theory]
    [InlineData("GSSAPI", "SCRAM-SHA-512")]
    public async Task Sasl_OfAnUnknownMechanism_NamesTheKnown(string mechanism, string known)
    {
        await using var broker = new KafkaBroker(
            new KafkaBrokerOptions { BootstrapServers = "127.0.0.1:1", Sasl = new KafkaSasl(mechanism, "me", "secret") }, []);
        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: false, CancellationToken.None));
        Assert.Contains(known, error.Help, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Options_TheLibraryDoesntTake_AreNamed()
    {
        await using var broker = new KafkaBroker(
            new KafkaBrokerOptions
            {
                BootstrapServers = "127.0.0.1:1",
                Tls = new KafkaTls { CertificateAuthority = "no certificate" },
                Sasl = new KafkaSasl("scram-sha-256", "me", "secret"),
            },
            []);
        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: false, CancellationToken.None));
        Assert.Contains("ssl.ca.pem", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("orders/paid")]
    [InlineData("")]
    public async Task Names_ThatKafkaDoesntTake_AreRefused(string address)
    {
        await using var broker = new KafkaBroker(new KafkaBrokerOptions { BootstrapServers = "127.0.0.1:1" }, []);
        var error = Assert.Throws<BrokerException>(() => broker.PublisherOf(new BrokerTopic { Name = "orders", Address = address }));
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Publish_ToBeDeliveredLater_IsRefused()
    {
        await using var fixture = new KafkaFixture();
        var results = await fixture.NewBroker().PublisherOf(fixture.Orders).PublishAsync(
            [Message("1"), Message("2") with { DeliverAt = DateTimeOffset.UtcNow.AddHours(1) }], CancellationToken.None);

        Assert.NotNull(results[0].MessageId);
        Assert.False(Assert.IsType<BrokerException>(results[1].Error).IsTransient);
    }
}

namespace Bridge.PubSub.Tests.Contract;

/// <content>What is received comes again until it is dealt with, and to one process at a time.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task Receive_MoreThanWanted_LeavesTheRest()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(20));
        await using var source = await OpenSourceAsync(broker, topic);
        using var patience = new CancellationTokenSource(Patience.Long);

        var first = await source.ReceiveAsync(3, patience.Token);
        var rest = await ReceiveAsync(source, 20 - first.Count);

        Assert.InRange(first.Count, 1, 3);
        Assert.Equal(Enumerable.Range(0, 20), first.Concat(rest).Select(NumberOf).Order());
        await AcknowledgeAsync(first.Concat(rest));
    }

    [Fact]
    public async Task Receive_BeforePublish_IsWoken()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var other = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);

        var receiving = ReceiveOneAsync(source);
        await PublishAsync(other, topic, NewMessage("1"));
        var delivery = await receiving;

        Assert.Equal("1", TextOf(delivery));
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Receive_CancelledWhileMessagesCome_LosesNone()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);
        var received = new List<Delivery>();

        for (var number = 0; number < 30; number++)
        {
            using var cancellation = new CancellationTokenSource();
            var receiving = source.ReceiveAsync(10, cancellation.Token);
            var publishing = PublishAsync(broker, topic, NewMessages(number + 1)[number]);
            if (number % 3 == 0)
            {
                await publishing;
            }

            await cancellation.CancelAsync();
            try
            {
                received.AddRange(await receiving);
            }
            catch (OperationCanceledException)
            {
                // Then it comes with a later one.
            }

            await publishing;
        }

        received.AddRange(await ReceiveAsync(source, 30 - received.Count));
        Assert.Equal(Enumerable.Range(0, 30), received.Select(NumberOf).Order());
        await AcknowledgeAsync(received);
    }

    [Fact]
    public async Task Acknowledge_Message_NeverComesAgain()
    {
        var topic = NewTopic(subscription => subscription with { AckDeadline = Fixture.ShortLease }, "mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(5));
        await using (var source = await OpenSourceAsync(broker, topic))
        {
            await AcknowledgeAsync(await ReceiveAsync(source, 5));
            await AssertNothingComesAsync(source, Fixture.ShortLease + Patience.Short);
        }

        await using var later = await OpenSourceAsync(await OpenAsync(topic), topic);
        await AssertNothingComesAsync(later);
    }

    [Fact]
    public async Task Acknowledge_SomeTogether_OnlyTheOthersComeAgain()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var other = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(40));
        var source = await OpenSourceAsync(broker, topic);
        if (source is not IBatchedMessageSource batched)
        {
            await source.DisposeAsync();
            return;
        }

        // Neither in the order in which they came nor without gaps, and in two goes.
        var deliveries = await ReceiveAsync(source, 40);
        var handled = deliveries.Where(delivery => NumberOf(delivery) is < 5 or > 35 || NumberOf(delivery) % 3 == 0).Reverse().ToList();
        Assert.All(await batched.AcknowledgeAsync(handled[..10], CancellationToken.None).WaitAsync(Patience.Long), Assert.Null);
        Assert.All(await batched.AcknowledgeAsync(handled[10..], CancellationToken.None).WaitAsync(Patience.Long), Assert.Null);

        await source.DisposeAsync();
        await using var second = await OpenSourceAsync(other, topic);
        var left = await ReceiveAsync(second, 40 - handled.Count);
        Assert.Equal(Enumerable.Range(0, 40).Except(handled.Select(NumberOf)), left.Select(NumberOf).Order());
        await AcknowledgeAsync(left);
        await AssertNothingComesAsync(second);
    }

    [Fact]
    public async Task Release_Message_ComesAgain()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var ids = await PublishAsync(broker, topic, NewMessage("1"));
        await using var source = await OpenSourceAsync(broker, topic);

        await (await ReceiveOneAsync(source)).ReleaseAsync(CancellationToken.None);
        var again = await ReceiveOneAsync(source);

        Assert.Equal(Assert.Single(ids), again.MessageId);
        Assert.InRange(again.Attempt, 1, 2);
        await again.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Retry_Message_ComesAgainAfterItsDelayAsTheNextAttempt()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var ids = await PublishAsync(broker, topic, NewMessage("1") with { Attributes = new Dictionary<string, string> { ["a"] = "b" } });
        await using var source = await OpenSourceAsync(broker, topic);

        var first = await ReceiveOneAsync(source);
        var before = TimeProvider.System.GetUtcNow();
        await first.RetryAsync(TimeSpan.FromSeconds(1.5), CancellationToken.None);
        await PublishAsync(broker, topic, NewMessage("2"));
        var (one, other) = (await ReceiveOneAsync(source), await ReceiveOneAsync(source));
        var passed = TimeProvider.System.GetUtcNow() - before;
        var (second, between) = TextOf(one) == "1" ? (one, other) : (other, one);

        Assert.Equal(["1", "2"], new[] { second, between }.Select(TextOf));
        Assert.True(passed > TimeSpan.FromSeconds(1.4), "It came before its delay was over.");
        Assert.Equal(Assert.Single(ids), second.MessageId);
        Assert.Equal(2, second.Attempt);
        Assert.Equal("b", second.Attributes["a"]);
        Assert.InRange(second.PublishedAt - first.PublishedAt, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
        await AcknowledgeAsync([between, second]);
    }

    [Fact]
    public async Task Retry_SeveralTimes_CountsAttempts()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"));
        await using var source = await OpenSourceAsync(broker, topic);

        var attempts = new List<int>();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var delivery = await ReceiveOneAsync(source);
            attempts.Add(delivery.Attempt);
            await (attempt < 5 ? delivery.RetryAsync(TimeSpan.Zero, CancellationToken.None) : delivery.AcknowledgeAsync(CancellationToken.None));
        }

        Assert.Equal([1, 2, 3, 4, 5], attempts);
    }

    [Fact]
    public async Task Lease_OfVanishedProcess_ComesToAnotherAsTheNextAttempt()
    {
        var topic = NewTopic(subscription => subscription with { AckDeadline = Fixture.ShortLease }, "mail");
        var vanishing = await OpenAsync(topic);
        var other = await OpenAsync(topic);
        await PublishAsync(vanishing, topic, NewMessages(3));
        var source = await OpenSourceAsync(vanishing, topic);
        Assert.Equal(3, (await ReceiveAsync(source, 3)).Count);

        await Fixture.VanishAsync(vanishing);
        await using var second = await OpenSourceAsync(other, topic);
        var deliveries = await ReceiveAsync(second, 3);

        Assert.Equal([0, 1, 2], deliveries.Select(NumberOf).Order());
        var next = other.Traits.CountsLostAttempts ? 2 : 1;
        Assert.All(deliveries, delivery => Assert.InRange(delivery.Attempt, next, Fixture.SendsToTheVanished ? int.MaxValue : next));
        await AcknowledgeAsync(deliveries);
        await AssertNothingComesAsync(second);
    }

    [Fact]
    public async Task Extend_Repeated_KeepsTheMessageFromOthers()
    {
        var topic = NewTopic(subscription => subscription with { AckDeadline = Fixture.ShortLease * 2 }, "mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"));
        await using var source = await OpenSourceAsync(broker, topic);
        await using var other = await OpenSourceAsync(await OpenAsync(topic), topic);
        var delivery = await ReceiveOneAsync(source);

        var end = TimeProvider.System.GetUtcNow() + (Fixture.ShortLease * 3);
        while (TimeProvider.System.GetUtcNow() < end)
        {
            await delivery.ExtendAsync(CancellationToken.None);
            await AssertNothingComesAsync(other, Fixture.ShortLease / 8);
        }

        await delivery.AcknowledgeAsync(CancellationToken.None);
        await AssertNothingComesAsync(other);
    }

    [Fact]
    public async Task Dispose_SourceWithUnfinishedMessages_GivesThemBack()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var other = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(10));
        var source = await OpenSourceAsync(broker, topic);
        await AcknowledgeAsync((await ReceiveAsync(source, 4)).Take(1));

        await source.DisposeAsync();
        await using var second = await OpenSourceAsync(other, topic);
        var deliveries = await ReceiveAsync(second, 9);

        Assert.Equal(9, deliveries.Select(NumberOf).Distinct().Count());
        await AcknowledgeAsync(deliveries);
        await AssertNothingComesAsync(second);
    }

    [Fact]
    public async Task Dispose_BrokerWithUnfinishedMessages_GivesThemBack()
    {
        if (!Fixture.IsShared)
        {
            return;
        }

        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var other = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(5));
        Assert.Equal(5, (await ReceiveAsync(await OpenSourceAsync(broker, topic), 5)).Count);

        await broker.DisposeAsync();
        await using var second = await OpenSourceAsync(other, topic);
        var deliveries = await ReceiveAsync(second, 5);

        Assert.Equal([0, 1, 2, 3, 4], deliveries.Select(NumberOf).Order());
        await AcknowledgeAsync(deliveries);
    }

    [Fact]
    public async Task Receive_TwoProcesses_ShareTheMessages()
    {
        var topic = NewTopic("mail");
        var (one, two) = (await OpenAsync(topic), await OpenAsync(topic));
        await using var first = await OpenSourceAsync(one, topic);
        await using var second = await OpenSourceAsync(two, topic);
        var received = new List<int>();
        using var all = new CancellationTokenSource(Patience.Long);

        async Task TakeAsync(IMessageSource source)
        {
            try
            {
                while (true)
                {
                    var deliveries = await source.ReceiveAsync(7, all.Token);
                    await AcknowledgeAsync(deliveries);
                    lock (received)
                    {
                        received.AddRange(deliveries.Select(NumberOf));
                        if (received.Count >= 200)
                        {
                            _ = all.CancelAsync();
                        }
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // All are there, or patience is over.
            }
        }

        await PublishAsync(one, topic, NewMessages(100));
        var taking = Task.WhenAll(TakeAsync(first), TakeAsync(second));
        await PublishAsync(two, topic, [.. Enumerable.Range(100, 100).Select(number => NewMessages(number + 1)[number])]);
        await taking;

        Assert.Equal(Enumerable.Range(0, 200), received.Order());
    }
}

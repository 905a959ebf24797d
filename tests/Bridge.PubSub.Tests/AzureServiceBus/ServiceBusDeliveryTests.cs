using System.Text;
using Amqp;
using Amqp.Framing;
using Bridge.PubSub.Tests.Contract;
using static Bridge.PubSub.Tests.AzureServiceBus.ServiceBusTopics;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>What becomes of messages where Service Bus has its own ways.</summary>
public sealed class ServiceBusDeliveryTests : IAsyncLifetime
{
    private readonly FakeServiceBus _server = FakeServiceBus.Run();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task LongRetry_WaitsAsACopyForItsSubscriptionOnly()
    {
        var topic = Topic("mail", "ledger") with { Guarantee = DeliveryGuarantee.ExactlyOnce };
        await using var broker = await _server.PreparedAsync(topic, options => options with { LongestHold = TimeSpan.Zero });
        _server.MakeSubscription("orders", "foreign");
        await using var mail = await broker.OpenAsync(topic.Subscriptions[0], None);
        await using var ledger = await broker.OpenAsync(topic.Subscriptions[1], None);
        await broker.PublishAsync(topic, Message("1") with { DeduplicationId = "order-1", Attributes = new Dictionary<string, string> { ["a"] = "b" } });
        await (await ledger.OneAsync()).AcknowledgeAsync(None);
        var first = await mail.OneAsync();

        await first.RetryAsync(TimeSpan.FromSeconds(1), None);
        var (_, waiting) = Assert.Single(_server.ScheduledOf("orders"));
        await Patience.UntilAsync(() => _server.MessagesOf("orders", "mail").Count == 0, () => "the message itself is still there");
        var second = await mail.OneAsync();

        Assert.NotEqual("order-1", waiting.Properties.MessageId);
        Assert.Equal(("order-1", 2, "1", "b"), (second.MessageId, second.Attempt, second.TextOf(), second.Attributes["a"]));
        Assert.Equal(["a"], second.Attributes.Keys);
        Assert.Equal(first.PublishedAt, second.PublishedAt);
        await second.RetryAsync(TimeSpan.Zero, None);
        var third = await mail.OneAsync();
        Assert.Equal(3, third.Attempt);
        await third.AcknowledgeAsync(None);
        await ledger.NothingAsync();
        Assert.Equal(2, _server.MessagesOf("orders", "foreign").Count);
    }

    [Fact]
    public async Task CopyForAnother_InASubscriptionThatTakesAll_IsThrownAway()
    {
        var topic = Topic("mail", "all");
        _server.MakeTopic("orders");
        _server.MakeSubscription("orders", "mail");
        _server.MakeSubscription("orders", "all");
        await using var broker = new Bridge.AzureServiceBus.ServiceBusBroker(_server.OptionsOf(_server.Policies[1]) with { LongestHold = TimeSpan.Zero }, [topic]);
        await using var mail = await broker.OpenAsync(topic.Subscriptions[0], None);
        await using var all = await broker.OpenAsync(topic.Subscriptions[1], None);
        await broker.PublishAsync(topic, Message("1"));
        await (await all.OneAsync()).AcknowledgeAsync(None);

        await (await mail.OneAsync()).RetryAsync(TimeSpan.FromMilliseconds(50), None);
        await (await mail.OneAsync()).AcknowledgeAsync(None);

        await all.NothingAsync();
        await Patience.UntilAsync(() => _server.MessagesOf("orders", "all").Count == 0, () => "the copy is still there");
    }

    [Fact]
    public async Task Retry_LongerThanTheLock_StaysLocked()
    {
        var topic = Topic("mail").WithLease(TimeSpan.FromSeconds(2));
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));
        var begun = TimeProvider.System.GetTimestamp();

        await (await source.OneAsync()).RetryAsync(TimeSpan.FromSeconds(4), None);
        var again = await source.OneAsync();

        Assert.Equal(2, again.Attempt);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(3.9), "It came before its delay was over.");
        await again.AcknowledgeAsync(None);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Retry_AfterManyDeliveries_BeginsTheServicesCountAnew(int milliseconds)
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));
        _server.CountDeliveries(1500);
        var first = await source.OneAsync();

        await first.RetryAsync(TimeSpan.FromMilliseconds(milliseconds), None);
        var second = await source.OneAsync();

        Assert.Equal((1501, 1502, first.MessageId), (first.Attempt, second.Attempt, second.MessageId));
        Assert.Equal(0u, Assert.Single(_server.MessagesOf("orders", "mail")).Header.DeliveryCount);
        await second.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task Dispose_WhileARetryWaits_GivesItBackAsTheNextAttempt()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await broker.PublishAsync(topic, Message("1"));
        await using (var source = await broker.OpenAsync(topic.Subscriptions[0], None))
        {
            await (await source.OneAsync()).RetryAsync(TimeSpan.FromSeconds(25), None);
        }

        await using var next = await broker.OpenAsync(topic.Subscriptions[0], None);
        var again = await next.OneAsync();

        Assert.Equal(2, again.Attempt);
        await again.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task BrokenLinks_MessagesAreSettledAllTheSame_AndReceivingGoesOn()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("done"), Message("dead"), Message("again"));
        var deliveries = new[] { await source.OneAsync(), await source.OneAsync(), await source.OneAsync() }.ToDictionary(delivery => delivery.TextOf(), StringComparer.Ordinal);

        _server.BreakLinks("amqp:link:detach-forced");
        await deliveries["again"].ExtendAsync(None);
        await deliveries["done"].AcknowledgeAsync(None);
        await deliveries["dead"].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no good"), None);
        await deliveries["again"].RetryAsync(TimeSpan.Zero, None);
        var again = await source.OneAsync();

        Assert.Equal(("again", 2), (again.TextOf(), again.Attempt));
        await again.AcknowledgeAsync(None);
        await Patience.UntilAsync(() => _server.MessagesOf("orders", "mail").Count == 0, () => "something is left");
        var letter = Assert.Single(await broker.DeadLettersOf(topic.Subscriptions[0]).ListAsync(5, None));
        Assert.Equal((new DeadLetterReason(DeadLetterCause.Invalid, "no good"), 1), (letter.Reason, letter.Attempts));
        await broker.PublishAsync(topic, Message("later"));
        await (await source.OneAsync()).AcknowledgeAsync(None);
    }

    [Fact]
    public async Task LostLock_IsToldByItsRenewal()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));
        var delivery = await source.OneAsync();

        _server.EndLocks();
        var again = await source.OneAsync();
        var error = await Assert.ThrowsAsync<BrokerException>(() => delivery.ExtendAsync(None));

        Assert.Equal(2, again.Attempt);
        Assert.False(error.IsTransient);
        Assert.Contains("lock-lost", error.Message, StringComparison.Ordinal);
        await again.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task MessageThatTheServiceGaveUp_IsADeadLetterWithItsReason()
    {
        var topic = Topic("mail");
        _server.MakeTopic("orders");
        _server.MakeSubscription("orders", "mail", maxDeliveries: 2);
        await using var broker = new Bridge.AzureServiceBus.ServiceBusBroker(_server.OptionsOf(_server.Policies[1]), [topic]);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));

        await (await source.OneAsync()).RetryAsync(TimeSpan.Zero, None);
        await (await source.OneAsync()).RetryAsync(TimeSpan.Zero, None);
        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        await Patience.UntilAsync(async () => await dead.CountAsync(None) == 1, () => "it isn't dead");
        var letter = Assert.Single(await dead.ListAsync(5, None));

        Assert.Equal(new DeadLetterReason(DeadLetterCause.Failed, "MaxDeliveryCountExceeded: too often"), letter.Reason);
        Assert.Equal(1, await dead.ReplayAsync(ids: null, None));
        var again = await source.OneAsync();
        Assert.Equal(("1", 1), (again.TextOf(), again.Attempt));
        await again.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task MessageOfAnotherProgram_IsReceived()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        var connection = await new ConnectionFactory().CreateAsync(new Address("localhost", _server.Port, _server.Policies[0].Name, _server.Policies[0].Key, "/", "amqp"));
        var sender = new SenderLink(new Session(connection), "foreign", "orders");
        await sender.SendAsync(new Message("""{"a":1}""") { ApplicationProperties = new ApplicationProperties { ["count"] = 5, ["kind"] = "x" } });
        await connection.CloseAsync();
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);

        var delivery = await source.OneAsync();

        Assert.Equal("""{"a":1}""", delivery.TextOf());
        Assert.Equal(new Dictionary<string, string> { ["count"] = "5", ["kind"] = "x" }, delivery.Attributes);
        Assert.NotEqual("", delivery.MessageId);
        await delivery.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task AttributesOfTakenNames_ArriveAsTheyWere()
    {
        var topic = Topic("mail");
        var attributes = new Dictionary<string, string> { ["encore-attempts"] = "7", ["encore_subscription"] = "ledger", ["DeadLetterReason"] = "x", ["encore-attribute-a"] = "y" };
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);

        await broker.PublishAsync(topic, Message("1") with { Attributes = attributes });
        var delivery = await source.OneAsync();

        Assert.Equal(attributes, delivery.Attributes);
        Assert.Equal(1, delivery.Attempt);
        await delivery.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task TooBigMessage_IsRefused_AndOthersAreNot()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);

        var results = await broker.PublisherOf(topic).PublishAsync(
            [Message("1"), new OutgoingMessage { Body = new byte[FakeServiceBus.MaxMessage + 1] }, Message("2")], None).WaitAsync(Patience.Long);

        var error = Assert.IsType<BrokerException>(results[1].Error);
        Assert.False(error.IsTransient);
        Assert.Contains("orders", error.Message, StringComparison.Ordinal);
        Assert.Null(results[0].Error);
        Assert.Null(results[2].Error);
    }

    [Fact]
    public async Task LongReason_IsCut()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));

        await (await source.OneAsync()).DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, new string('x', 10_000)), None);
        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        await Patience.UntilAsync(async () => await dead.CountAsync(None) == 1, () => "it isn't dead");

        Assert.Equal(4096, Encoding.UTF8.GetByteCount(Assert.Single(await dead.ListAsync(5, None)).Reason.Text.Replace('…', '.')));
    }

    [Fact]
    public async Task Purge_OneOfManyDeadLetters_LeavesTheOthersFree()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, [.. Enumerable.Range(0, 250).Select(number => Message($"{number}"))]);
        for (var left = 250; left > 0; left--)
        {
            await (await source.OneAsync()).DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), None);
        }

        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        await Patience.UntilAsync(async () => await dead.CountAsync(None) == 250, () => "they aren't dead");
        var last = (await dead.ListAsync(300, None))[^1];

        Assert.Equal(1, await dead.PurgeAsync([last.Id], None));
        Assert.Equal(249, await dead.CountAsync(None));
        Assert.Equal(249, await dead.PurgeAsync(ids: null, None));
    }
}

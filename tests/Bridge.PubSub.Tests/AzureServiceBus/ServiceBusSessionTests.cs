using System.Globalization;
using Bridge.AzureServiceBus;
using Bridge.PubSub.Tests.Contract;
using static Bridge.PubSub.Tests.AzureServiceBus.ServiceBusTopics;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>Ordered topics: sessions.</summary>
public sealed class ServiceBusSessionTests : IAsyncLifetime
{
    private readonly FakeServiceBus _server = FakeServiceBus.Run();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Extend_KeepsTheSessionFromOthers()
    {
        var topic = (Topic("mail") with { IsOrdered = true }).WithLease(TimeSpan.FromSeconds(2));
        await using var broker = await _server.PreparedAsync(topic);
        await using var other = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await using var another = await other.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1", "a"), Message("2", "a"));
        var delivery = await source.OneAsync();

        for (var round = 0; round < 8; round++)
        {
            await delivery.ExtendAsync(None);
            await another.NothingAsync(TimeSpan.FromMilliseconds(300));
        }

        await delivery.AcknowledgeAsync(None);
        var next = await source.OneAsync();
        Assert.Equal("2", next.TextOf());
        await next.AcknowledgeAsync(None);
    }

    [Fact]
    public async Task RetryLongerThanTheLock_HoldsTheSession()
    {
        var topic = (Topic("mail") with { IsOrdered = true }).WithLease(TimeSpan.FromSeconds(2));
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await using var other = await _server.PreparedAsync(topic);
        await using var another = await other.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1", "a"), Message("2", "a"));

        await (await source.OneAsync()).RetryAsync(TimeSpan.FromSeconds(4), None);
        await another.NothingAsync(TimeSpan.FromSeconds(3));
        var seen = new List<string>();
        for (var count = 0; count < 2; count++)
        {
            var delivery = await source.OneAsync();
            seen.Add($"{delivery.TextOf()}/{delivery.Attempt}");
            await delivery.AcknowledgeAsync(None);
        }

        Assert.Equal(["1/2", "2/1"], seen);
    }

    [Fact]
    public async Task LostSession_ItsMessageComesToAnotherInOrder()
    {
        var topic = Topic("mail") with { IsOrdered = true };
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1", "a"), Message("2", "a"));
        var lost = await source.OneAsync();

        await using var other = await _server.PreparedAsync(topic);
        await using var another = await other.OpenAsync(topic.Subscriptions[0], None);
        _server.EndSessions();
        var again = await another.OneAsync();
        await Patience.UntilAsync(() => IsRefusedAsync(lost), () => "the lost message can be acknowledged");
        await again.AcknowledgeAsync(None);
        var second = await another.OneAsync();
        await second.AcknowledgeAsync(None);

        Assert.Equal(("1", 2, "2", 1), (again.TextOf(), again.Attempt, second.TextOf(), second.Attempt));
    }

    [Fact]
    public async Task BusyKey_LetsOthersComeToTheirTurn()
    {
        var topic = Topic("mail") with { IsOrdered = true };
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, [.. Enumerable.Range(0, 250).Select(number => Message(number.ToString(CultureInfo.InvariantCulture), "busy"))]);
        await broker.PublishAsync(topic, Message("other", "idle"));

        var seen = new List<string>();
        for (var count = 0; count < 251; count++)
        {
            var delivery = await source.OneAsync();
            seen.Add(delivery.TextOf());
            await delivery.AcknowledgeAsync(None);
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(number => number.ToString(CultureInfo.InvariantCulture)), seen.Where(text => text != "other"));
        Assert.Contains("other", seen);
    }

    [Fact]
    public async Task ManyKeys_AreHandledAtATime()
    {
        var topic = Topic("mail") with { IsOrdered = true };
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, [.. Enumerable.Range(0, 100).Select(number => Message($"{number}", number % 2 == 0 ? $"key-{number}" : null))]);

        var deliveries = new List<Delivery>();
        using var patience = new CancellationTokenSource(Patience.Long);
        while (deliveries.Count < 100)
        {
            deliveries.AddRange(await source.ReceiveAsync(100 - deliveries.Count, patience.Token));
        }

        Assert.Equal(100, deliveries.Select(delivery => delivery.TextOf()).Distinct().Count());
        await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(None)));
        await Patience.UntilAsync(() => _server.MessagesOf("orders", "mail").Count == 0, () => "something is left");
    }

    [Fact]
    public async Task DeadLetters_OfAnOrderedTopic_AreReplayedToTheirKey()
    {
        var topic = Topic("mail") with { IsOrdered = true };
        await using var broker = await _server.PreparedAsync(topic);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1", "a"));
        await (await source.OneAsync()).DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), None);
        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        await Patience.UntilAsync(async () => await dead.CountAsync(None) == 1, () => "it isn't dead");

        Assert.Equal(1, await dead.ReplayAsync(ids: null, None));

        Assert.Equal("a", Assert.Single(_server.MessagesOf("orders", "mail")).Properties.GroupId);
        await (await source.OneAsync()).AcknowledgeAsync(None);
        Assert.Equal(0, await dead.CountAsync(None));
    }

    [Fact]
    public async Task Restarts_WhileKeysFlow_KeepEachKeysOrderAndLoseNothing()
    {
        const int Keys = 4;
        const int Each = 60;
        var retry = new RetryPolicy(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), RetryPolicy.Unlimited);
        var topic = Topic("mail") with { IsOrdered = true };
        topic = topic with { Subscriptions = [topic.Subscriptions[0] with { Retry = retry }] };
        await using var broker = await _server.PreparedAsync(topic);
        await using var run = RunningSubscription.Start(
            broker,
            topic.Subscriptions[0],
            (delivery, _) => new(delivery.Attempt == 1 && delivery.Body.Length % 2 == 0 ? HandlingResult.Failed("not yet") : HandlingResult.Done));

        var publishing = Task.WhenAll(Enumerable.Range(0, Keys).Select(key => PublishInTurnAsync(broker, topic, key, Each)));
        foreach (var share in new[] { 0.25, 0.5 })
        {
            await Patience.UntilAsync(() => run.Handled.Distinct().Count() > Keys * Each * share, run.Describe);
            _server.Stop();
            _server.Start();
        }

        await publishing.WaitAsync(Patience.Long);
        await Patience.UntilAsync(() => run.Handled.Distinct().Count() == Keys * Each, run.Describe);

        foreach (var key in run.Handled.Distinct().GroupBy(text => text.Split(':')[0], StringComparer.Ordinal))
        {
            Assert.Equal(Enumerable.Range(0, Each), key.Select(text => int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture)));
        }

        Assert.Empty(run.Dead);
    }

    /// <summary>Publishes a key's messages, each until the service has it.</summary>
    private static async Task PublishInTurnAsync(ServiceBusBroker broker, BrokerTopic topic, int key, int count)
    {
        var publisher = broker.PublisherOf(topic);
        for (var number = 0; number < count; number++)
        {
            var message = Message(string.Create(CultureInfo.InvariantCulture, $"{key}:{number}"), $"key-{key}");
            await Patience.UntilAsync(
                async () => (await publisher.PublishAsync([message], None).WaitAsync(Patience.Long))[0].Error is null, () => "it isn't taken");
        }
    }

    // The service ends the link; until that is known here, what is said by it goes nowhere.
    private static async Task<bool> IsRefusedAsync(Delivery delivery)
    {
        try
        {
            await delivery.AcknowledgeAsync(None);
            return false;
        }
        catch (BrokerException)
        {
            return true;
        }
    }
}

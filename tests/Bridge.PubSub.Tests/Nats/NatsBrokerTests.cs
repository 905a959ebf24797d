using Bridge.Core.PubSub;
using Bridge.Nats;
using static Bridge.PubSub.Tests.Nats.BrokerSession;

namespace Bridge.PubSub.Tests.Nats;

[Collection(NatsCollection.Name)]
public sealed class NatsBrokerTests(SharedNatsServer shared)
{
    private static int _topics;

    private readonly BrokerTopic _topic = NatsServer.Topic($"orders-{Interlocked.Increment(ref _topics)}", "mailer", "ledger");

    [Fact]
    public async Task Publish_ThenReceive_BringsBodyAttributesAndId()
    {
        await using var session = await OpenAsync();
        var attributes = new Dictionary<string, string>
        {
            ["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ["Nats-Msg-Id"] = "not the server's",
            ["an odd name:\r\n"] = "in\r\nlines 🙂",
            ["padded"] = " x ",
            ["empty"] = "",
            ["München"] = "ü",
            ["umlaut"] = "ü%41",
        };
        var id = await session.PublishAsync("""{"n":1}""", attributes: attributes);
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        var delivery = await NextAsync(await session.SourceAsync());

        Assert.Equal("""{"n":1}""", Text(delivery));
        Assert.Equal(id, delivery.MessageId);
        Assert.Equal(1, delivery.Attempt);
        Assert.InRange(delivery.PublishedAt, before, before.AddMinutes(2));
        Assert.Equal(attributes.OrderBy(pair => pair.Key), delivery.Attributes.OrderBy(pair => pair.Key));
        Assert.Equal(TimeSpan.FromSeconds(30), delivery.Lease);
        await delivery.AcknowledgeAsync(Deadline);
    }

    [Fact]
    public async Task EverySubscription_GetsEachMessage_AndProcessesShareIt()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var bodies = Enumerable.Range(0, 500).Select(number => $"{number}").ToList();
        Assert.All(await first.PublishAllAsync(bodies), result => Assert.Null(result.Error));

        var mailers = new[] { await first.SourceAsync(), await second.SourceAsync() };
        var ledger = await second.SourceAsync(1);
        var mailed = new List<string>();
        while (mailed.Count < bodies.Count)
        {
            mailed.AddRange(await DrainAsync(mailers[mailed.Count / 100 % 2], 100));
        }

        var booked = await DrainAsync(ledger, bodies.Count);

        Assert.Equal(bodies.Order(), mailed.Order());
        Assert.Equal(bodies, booked);
    }

    [Fact]
    public async Task Retry_ComesAgainAfterTheDelay_AsTheNextAttempt()
    {
        await using var session = await OpenAsync();
        await session.PublishAsync("a");
        var source = await session.SourceAsync();
        var first = await NextAsync(source);
        var started = DateTimeOffset.UtcNow;

        await first.RetryAsync(TimeSpan.FromMilliseconds(400), Deadline);
        var second = await NextAsync(source);

        Assert.True(DateTimeOffset.UtcNow - started >= TimeSpan.FromMilliseconds(390));
        Assert.Equal((first.MessageId, 2), (second.MessageId, second.Attempt));
        await second.RetryAsync(TimeSpan.Zero, Deadline);
        Assert.Equal(3, (await NextAsync(source)).Attempt);
    }

    [Fact]
    public async Task ManyRetries_DontHoldUp_OtherMessages()
    {
        await using var session = await OpenAsync();
        await session.PublishAllAsync(Enumerable.Repeat("poison", 2000));
        await session.PublishAsync("fine");
        var source = await session.SourceAsync();
        for (var count = 0; count < 2000;)
        {
            var deliveries = await source.ReceiveAsync(256, Deadline);
            await Task.WhenAll(deliveries.Where(delivery => Text(delivery) == "poison").Select(delivery => delivery.RetryAsync(TimeSpan.FromMinutes(5), Deadline)));
            count += deliveries.Count;
            if (deliveries.FirstOrDefault(delivery => Text(delivery) == "fine") is { } fine)
            {
                await fine.AcknowledgeAsync(Deadline);
                return;
            }
        }

        Assert.Equal("fine", Text(await NextAsync(source)));
    }

    [Fact]
    public async Task Lease_WithoutAWord_GivesTheMessageToAnother()
    {
        var topic = WithDeadline(_topic, TimeSpan.FromSeconds(1));
        await using var first = await BrokerSession.OpenAsync(shared.Server.Options, topic);
        await using var second = await BrokerSession.OpenAsync(shared.Server.Options, topic);
        await first.PublishAsync("a");
        var lost = await NextAsync(await first.SourceAsync());

        var found = await NextAsync(await second.SourceAsync());

        Assert.Equal((lost.MessageId, 2), (found.MessageId, found.Attempt));
    }

    [Fact]
    public async Task Extend_KeepsTheMessage_FromOthers()
    {
        var topic = WithDeadline(_topic, TimeSpan.FromSeconds(1));
        await using var first = await BrokerSession.OpenAsync(shared.Server.Options, topic);
        await using var second = await BrokerSession.OpenAsync(shared.Server.Options, topic);
        await first.PublishAsync("slow");
        var held = await NextAsync(await first.SourceAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var other = (await second.SourceAsync()).ReceiveAsync(1, patience.Token);
        while (!patience.IsCancellationRequested)
        {
            await held.ExtendAsync(Deadline);
            await Task.WhenAny(Task.Delay(250), other);
            Assert.False(other.IsCompletedSuccessfully);
        }

        await Task.WhenAny(other);
        Assert.True(other.IsCanceled);
        await held.AcknowledgeAsync(Deadline);
    }

    [Fact]
    public async Task CancelledReceive_LosesNothing()
    {
        await using var session = await OpenAsync();
        var source = await session.SourceAsync();
        for (var round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var waiting = source.ReceiveAsync(10, cancellation.Token);
            var publishing = session.PublishAsync($"{round}");
            await cancellation.CancelAsync();
            await Task.WhenAny(waiting);
            var got = waiting.IsCompletedSuccessfully ? await waiting : [];
            await publishing;
            while (got.Count == 0)
            {
                got = await source.ReceiveAsync(10, Deadline);
            }

            Assert.Equal($"{round}", Text(Assert.Single(got)));
            await got[0].AcknowledgeAsync(Deadline);
        }
    }

    [Fact]
    public async Task DisposedSource_GivesBack_WhatItDidntDeliver()
    {
        await using var session = await OpenAsync();
        await session.PublishAllAsync(["a", "b", "c"]);
        var first = await session.Broker.OpenAsync(session.Subscription(), Deadline);
        var taken = await first.ReceiveAsync(3, Deadline);
        await Task.WhenAll(taken.Select(delivery => delivery.ReleaseAsync(Deadline)));
        await first.DisposeAsync();

        Assert.Equal(["a", "b", "c"], (await DrainAsync(await session.SourceAsync(), 3)).Order());
    }

    [Fact]
    public async Task DeduplicationId_KnowsAMessageAgain()
    {
        await using var session = await OpenAsync();

        var first = await session.PublishAsync("a", id: "order 7\n");
        var second = await session.PublishAsync("a", id: "order 7\n");
        var third = await session.PublishAsync("b", id: "order 8");

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
        Assert.Equal(["a", "b"], await DrainAsync(await session.SourceAsync(), 2));
    }

    [Fact]
    public async Task DeliverAt_ComesThen_AsTheFirstAttempt()
    {
        await using var session = await OpenAsync();
        var source = await session.SourceAsync();
        var due = DateTimeOffset.UtcNow.AddSeconds(1.5);
        await session.PublishAsync("later", at: due);
        await session.PublishAsync("now");

        var first = await NextAsync(source);
        await first.AcknowledgeAsync(Deadline);
        var second = await NextAsync(source);

        Assert.Equal(("now", "later"), (Text(first), Text(second)));
        Assert.True(DateTimeOffset.UtcNow >= due.AddMilliseconds(-5));
        Assert.Equal(1, second.Attempt);
    }

    [Fact]
    public async Task TooLongMessage_IsRefused_WithWhatToDo()
    {
        await using var session = await OpenAsync();

        var results = await session.PublishAllAsync([new string('x', 2_000_000), "short"]);

        var error = Assert.IsType<BrokerException>(results[0].Error);
        Assert.False(error.IsTransient);
        Assert.Contains("max_payload", error.Help, StringComparison.Ordinal);
        Assert.Null(results[1].Error);
    }

    [Fact]
    public async Task Prepare_WithoutProvision_NamesWhatIsMissing()
    {
        var broker = new NatsBroker(shared.Server.Options, [_topic with { IsOrdered = true }]);
        await using (broker)
        {
            var missing = await broker.PrepareAsync(provision: false, Deadline);

            Assert.Equal(1 + (2 * (1 + 17)), missing.Count);
            Assert.Contains(missing, line => line.StartsWith($"stream {_topic.Name} ", StringComparison.Ordinal));
            Assert.Contains(missing, line => line.StartsWith($"consumer ledger~03 of stream {_topic.Name} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Prepare_Again_ChangesNothingAndAdaptsDeadlines()
    {
        await using var first = await OpenAsync();
        await first.PublishAsync("kept");

        await using var second = await BrokerSession.OpenAsync(shared.Server.Options, WithDeadline(_topic, TimeSpan.FromSeconds(60)));

        var delivery = await NextAsync(await second.SourceAsync());
        Assert.Equal(("kept", TimeSpan.FromSeconds(60)), (Text(delivery), delivery.Lease));
    }

    [Fact]
    public async Task OddNames_Work()
    {
        var topic = NatsServer.Topic($"a.b/c > *{_topic.Name}", "m ü.*");
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options with { Prefix = "test." }, topic);
        await session.PublishAsync("x");

        Assert.Equal("x", Text(await NextAsync(await session.SourceAsync())));
    }

    internal static BrokerTopic WithDeadline(BrokerTopic topic, TimeSpan deadline) =>
        topic with { Subscriptions = [.. topic.Subscriptions.Select(subscription => subscription with { AckDeadline = deadline })] };

    private static async Task<List<string>> DrainAsync(IMessageSource source, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            var deliveries = await source.ReceiveAsync(count - texts.Count, Deadline);
            texts.AddRange(deliveries.Select(Text));
            await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(Deadline)));
        }

        return texts;
    }

    private Task<BrokerSession> OpenAsync() => BrokerSession.OpenAsync(shared.Server.Options, _topic);
}

using System.Collections.Concurrent;
using System.Text;
using Bridge.Core.PubSub;
using static Bridge.PubSub.Tests.Nats.BrokerSession;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>The server ends, the connection breaks: nothing that was confirmed is lost.</summary>
public sealed class NatsRestartTests
{
    private readonly BrokerTopic _topic = NatsServer.Topic("orders", "mailer") with { Guarantee = DeliveryGuarantee.ExactlyOnce };

    [Fact]
    public async Task ServerKilledUnderLoad_LosesNothing_ThatWasConfirmed()
    {
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, _topic);
        var confirmed = new ConcurrentDictionary<string, bool>();
        var handled = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();

        async Task PublishUntilStoppedAsync(int publisher)
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                string[] bodies = [.. Enumerable.Range(0, 20).Select(number => $"{publisher}:{round}:{number}")];
                var results = await session.PublishAllAsync(bodies);
                foreach (var (body, result) in bodies.Zip(results))
                {
                    if (result.Error is null)
                    {
                        confirmed[body] = true;
                    }
                    else
                    {
                        Assert.True(Assert.IsType<BrokerException>(result.Error).IsTransient);
                    }
                }
            }
        }

        var runner = new SubscriptionRunner(
            _topic.Subscriptions[0],
            await session.Broker.OpenAsync(session.Subscription(), Deadline),
            new Counter(handled),
            new Silence(),
            TimeProvider.System);
        var running = runner.RunAsync(stop.Token, CancellationToken.None);
        Task[] publishing = [PublishUntilStoppedAsync(0), PublishUntilStoppedAsync(1)];
        for (var kill = 0; kill < 3; kill++)
        {
            var before = handled.Count;
            await UntilAsync(() => handled.Count > before + 1000);
            await server.KillAsync();
            await server.LaunchAsync();
        }

        var after = handled.Count;
        await UntilAsync(() => handled.Count > after + 500);
        await UntilAsync(() => confirmed.Count > 2000);
        await stop.CancelAsync();
        await Task.WhenAll(publishing);
        await running;
        await using var rest = await session.Broker.OpenAsync(session.Subscription(), Deadline);
        while (confirmed.Keys.Except(handled.Keys).Any())
        {
            foreach (var delivery in await rest.ReceiveAsync(100, Deadline))
            {
                handled.AddOrUpdate(Text(delivery), 1, (_, count) => count + 1);
                await delivery.AcknowledgeAsync(Deadline);
            }
        }

        // This process knows what it acknowledged, so that only what was in work at a kill comes twice.
        Assert.InRange(handled.Values.Count(count => count > 1), 0, 3 * 100);
    }

    [Fact]
    public async Task ServerGone_PublishingFailsForAWhile_ReceivingWaits()
    {
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options with { ReconnectPatience = TimeSpan.FromMilliseconds(300) }, _topic);
        var receiving = (await session.SourceAsync()).ReceiveAsync(1, Deadline);
        await server.KillAsync();

        BrokerException error;
        do
        {
            error = Assert.IsType<BrokerException>(Assert.Single(await session.PublishAllAsync(["lost"])).Error);
            Assert.True(error.IsTransient);
        }
        while (!error.Message.Contains("can't be reached", StringComparison.Ordinal));

        Assert.Contains($"127.0.0.1:{server.Port}", error.Message, StringComparison.Ordinal);
        Assert.False(receiving.IsCompleted);
        await server.LaunchAsync();
        await UntilAsync(async () => (await session.PublishAllAsync(["found"]))[0].Error is null);
        var delivery = Assert.Single(await receiving);
        Assert.Equal("found", Text(delivery));
        await delivery.AcknowledgeAsync(Deadline);
    }

    [Fact]
    public async Task Acknowledging_WhileTheServerIsAway_IsMadeUpFor()
    {
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, _topic);
        await session.PublishAsync("a");
        var source = await session.SourceAsync();
        var delivery = await NextAsync(source);
        await server.KillAsync();
        var acknowledging = delivery.AcknowledgeAsync(Deadline);
        await server.LaunchAsync();
        await acknowledging;

        await session.PublishAsync("b");
        Assert.Equal("b", Text(await NextAsync(source)));
    }

    [Fact]
    public async Task ServerKilled_SubscriptionsThatNeverAcknowledged_KeepTheirMessages()
    {
        // Some servers reckon without them when they delete, at their start, what all have acknowledged.
        var topic = NatsServer.Topic("orders", "silent", "one", "two", "three", "four", "quiet");
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, topic);
        string[] bodies = [.. Enumerable.Range(0, 20).Select(number => $"{number}")];
        Assert.All(await session.PublishAllAsync(bodies), result => Assert.Null(result.Error));
        for (var subscription = 1; subscription <= 4; subscription++)
        {
            await AcknowledgeAllAsync(await session.SourceAsync(subscription), bodies.Length);
        }

        for (var kill = 0; kill < 5; kill++)
        {
            await server.KillAsync();
            await server.LaunchAsync();
        }

        Assert.Equal(bodies, await AcknowledgeAllAsync(await session.SourceAsync(0), bodies.Length));
        Assert.Equal(bodies, await AcknowledgeAllAsync(await session.SourceAsync(5), bodies.Length));
    }

    [Fact]
    public async Task Acknowledged_ByAllSubscriptions_LeavesTheStream()
    {
        var topic = NatsServer.Topic("orders", "one", "two");
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, topic);
        await using var connection = new RawClient(server.Port);
        async Task<bool> HoldsAsync(int count) =>
            (await connection.RequestAsync("$JS.API.STREAM.INFO.orders")).Contains($"\"messages\":{count},", StringComparison.Ordinal);
        await session.PublishAllAsync(["a", "b", "c"]);
        await AcknowledgeAllAsync(await session.SourceAsync(0), 3);

        var slow = await session.SourceAsync(1);
        var deliveries = new List<Delivery>();
        while (deliveries.Count < 3)
        {
            deliveries.AddRange(await slow.ReceiveAsync(3 - deliveries.Count, Deadline));
        }

        await deliveries[0].AcknowledgeAsync(Deadline);
        await UntilAsync(() => HoldsAsync(2));
        await deliveries[1].AcknowledgeAsync(Deadline);
        await deliveries[2].AcknowledgeAsync(Deadline);
        await UntilAsync(() => HoldsAsync(0));
    }

    [Fact]
    public async Task ServerKilled_MessagesFromBefore_AreNotEndedByTheirOldNumbers()
    {
        var topic = NatsServer.Topic("orders", "mailer");
        topic = topic with { Subscriptions = [topic.Subscriptions[0] with { AckDeadline = TimeSpan.FromSeconds(2) }] };
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, topic);
        await session.PublishAllAsync(["a", "b", "c"]);
        var source = await session.SourceAsync();
        var deliveries = await source.ReceiveAsync(3, Deadline);
        await server.KillAsync();
        await server.LaunchAsync();

        // A server may have forgotten that it sent them: by a word about the last it would pass over the others.
        var last = await Assert.ThrowsAsync<BrokerException>(() => deliveries[2].AcknowledgeAsync(Deadline));
        Assert.True(last.IsTransient);
        Assert.Contains("comes again", last.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BrokerException>(() => deliveries[0].RetryAsync(TimeSpan.Zero, Deadline));
        await Assert.ThrowsAsync<BrokerException>(() => deliveries[1].ExtendAsync(Deadline));
        Assert.Equal(["a", "b", "c"], (await AcknowledgeAllAsync(source, 3)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DeletedConsumer_IsNamed_AndWaitedForNoLonger()
    {
        await using var server = await NatsServer.StartAsync();
        await using var session = await BrokerSession.OpenAsync(server.Options, _topic);
        var receiving = (await session.SourceAsync()).ReceiveAsync(1, Deadline);
        await using (var connection = new RawClient(server.Port))
        {
            await UntilAsync(async () => (await connection.RequestAsync("$JS.API.CONSUMER.INFO.orders.mailer")).Contains("\"num_waiting\":1", StringComparison.Ordinal));
            await connection.RequestAsync("$JS.API.CONSUMER.DELETE.orders.mailer");
        }

        await Task.WhenAny(receiving);
        var error = Assert.IsType<BrokerException>(receiving.Exception?.InnerException);
        Assert.False(error.IsTransient);
        Assert.Contains("consumer mailer of the stream orders", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> AcknowledgeAllAsync(IMessageSource source, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            foreach (var delivery in await source.ReceiveAsync(count - texts.Count, Deadline))
            {
                texts.Add(Text(delivery));
                await delivery.AcknowledgeAsync(Deadline);
            }
        }

        return texts;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = Deadline;
        while (!await condition())
        {
            await Task.Delay(20, deadline);
        }
    }

    private sealed class Counter(ConcurrentDictionary<string, int> handled) : IMessageHandler
    {
        public ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
        {
            handled.AddOrUpdate(Encoding.UTF8.GetString(delivery.Body.Span), 1, (_, count) => count + 1);
            return new(HandlingResult.Done);
        }
    }

    private sealed class Silence : ISubscriptionObserver
    {
        public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next)
        {
        }

        public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay)
        {
        }

        public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason)
        {
        }

        public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error)
        {
        }
    }
}

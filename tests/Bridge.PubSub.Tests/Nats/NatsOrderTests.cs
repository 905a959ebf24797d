using System.Collections.Concurrent;
using System.Globalization;
using Bridge.Core.PubSub;
using static Bridge.PubSub.Tests.Nats.BrokerSession;

namespace Bridge.PubSub.Tests.Nats;

[Collection(NatsCollection.Name)]
public sealed class NatsOrderTests(SharedNatsServer shared)
{
    private static int _topics;

    private readonly BrokerTopic _topic = NatsServer.Topic($"ordered-{Interlocked.Increment(ref _topics)}", "ledger") with { IsOrdered = true };

    [Fact]
    public async Task OneKey_KeepsItsOrder_OverRetriesAndProcesses()
    {
        await using var first = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await using var second = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await first.PublishAllAsync(Enumerable.Range(0, 60).Select(number => $"{number}"), "account-1");
        var seen = new ConcurrentQueue<string>();
        using var done = new CancellationTokenSource();

        async Task WorkAsync(IMessageSource source)
        {
            while (!done.IsCancellationRequested)
            {
                foreach (var delivery in await ReceiveAsync(source, done.Token))
                {
                    if (delivery.Attempt == 1 && int.Parse(Text(delivery), CultureInfo.InvariantCulture) % 7 == 0)
                    {
                        await delivery.RetryAsync(TimeSpan.FromMilliseconds(30), Deadline);
                        continue;
                    }

                    seen.Enqueue(Text(delivery));
                    await delivery.AcknowledgeAsync(Deadline);
                    if (seen.Count == 60)
                    {
                        await done.CancelAsync();
                    }
                }
            }
        }

        await Task.WhenAll(WorkAsync(await first.SourceAsync()), WorkAsync(await second.SourceAsync())).WaitAsync(Deadline);

        Assert.Equal(Enumerable.Range(0, 60).Select(number => $"{number}"), seen);
    }

    [Fact]
    public async Task UnfinishedKey_HoldsUp_ItsOwnMessagesOnly()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await session.PublishAsync("a1", "a");
        await session.PublishAsync("a2", "a");
        await session.PublishAsync("b1", "b");
        await session.PublishAsync("free 1");
        await session.PublishAsync("free 2");
        var source = await session.SourceAsync();
        var deliveries = new List<Delivery>();
        while (deliveries.Count < 4)
        {
            deliveries.AddRange(await source.ReceiveAsync(10, Deadline));
        }

        Assert.Equal(["a1", "b1", "free 1", "free 2"], deliveries.Select(Text).Order());
        await deliveries.Single(delivery => Text(delivery) == "a1").AcknowledgeAsync(Deadline);
        Assert.Equal("a2", Text(await NextAsync(source)));
    }

    [Fact]
    public async Task ReceivingOne_WithManyKeysWaiting_KeepsTheLeasesOfTheRest()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, NatsBrokerTests.WithDeadline(_topic, TimeSpan.FromSeconds(1)));
        for (var key = 0; key < 30; key++)
        {
            await session.PublishAsync($"{key}", $"key-{key}");
        }

        var source = await session.SourceAsync();
        var first = await NextAsync(source);
        for (var count = 0; count < 10; count++)
        {
            await Task.Delay(250);
            await first.ExtendAsync(Deadline);
        }

        await first.AcknowledgeAsync(Deadline);
        for (var count = 1; count < 30; count++)
        {
            var delivery = await NextAsync(source);
            Assert.Equal(1, delivery.Attempt);
            await delivery.AcknowledgeAsync(Deadline);
        }
    }

    private static async Task<IReadOnlyList<Delivery>> ReceiveAsync(IMessageSource source, CancellationToken cancellation)
    {
        try
        {
            return await source.ReceiveAsync(10, cancellation);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}

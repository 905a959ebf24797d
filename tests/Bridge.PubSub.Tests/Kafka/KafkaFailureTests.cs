using System.Collections.Concurrent;
using static Bridge.PubSub.Tests.Kafka.KafkaFixture;

namespace Bridge.PubSub.Tests.Kafka;

public sealed class KafkaFailureTests
{
    [Fact]
    public async Task Cluster_Away_PublishingFails_ReceivingWaitsAndGoesOn()
    {
        await using var fixture = new KafkaFixture();
        var broker = fixture.NewBroker();
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        await PublishAsync(broker, fixture.Orders, Message("1"));
        await (await ReceiveAsync(source, 1))[0].AcknowledgeAsync(CancellationToken.None);

        fixture.Cluster.ShutAll();
        var waiting = ReceiveAsync(source, 1);
        var results = await broker.PublisherOf(fixture.Orders).PublishAsync([Message("lost")], CancellationToken.None);
        var error = Assert.IsType<BrokerException>(results[0].Error);
        Assert.True(error.IsTransient);
        Assert.Contains(fixture.Cluster.BootstrapServers, error.Message, StringComparison.Ordinal);
        Assert.Contains("brokers run", error.Help, StringComparison.Ordinal);

        fixture.Cluster.OpenAll();
        await PublishAsync(broker, fixture.Orders, Message("2"));

        // What was acknowledged just before, and not committed yet, may come a second time.
        var next = (await waiting)[0];
        while (TextOf(next) != "2")
        {
            Assert.Equal("1", TextOf(next));
            await next.AcknowledgeAsync(CancellationToken.None);
            next = (await ReceiveAsync(source, 1))[0];
        }
    }

    [Fact]
    public async Task Brokers_FallingOneAfterAnother_LoseNothingThatWasTaken()
    {
        const int Count = 3000;
        await using var fixture = new KafkaFixture(partitions: 3, brokers: 3);
        var broker = fixture.NewBroker();
        var taken = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var handled = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var handling = HandleAsync(source, handled, ended.Token);

        var publisher = broker.PublisherOf(fixture.Orders);
        for (var first = 0; first < Count; first += 100)
        {
            // A broker is away for the next thousand or so; the others' partitions go on.
            if (first % 1000 == 500)
            {
                fixture.Cluster.Shut(1 + (first / 1000));
            }
            else if (first % 1000 == 900)
            {
                fixture.Cluster.Open(1 + (first / 1000));
            }

            var batch = Enumerable.Range(first, 100).Select(number => Message($"m{number}")).ToArray();
            var results = await publisher.PublishAsync(batch, CancellationToken.None);
            for (var index = 0; index < results.Length; index++)
            {
                if (results[index].Error is null)
                {
                    taken[$"m{first + index}"] = true;
                }
            }
        }

        Assert.True(taken.Count > Count / 2);
        while (taken.Keys.Any(name => !handled.ContainsKey(name)))
        {
            await Task.Delay(50, ended.Token);
        }

        await ended.CancelAsync();
        await handling;
    }

    [Fact]
    public async Task Members_ThatComeAndGo_ShareTheMessages_AndLoseNone()
    {
        const int Count = 600;
        await using var fixture = new KafkaFixture(partitions: 4);
        var handled = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var publishing = fixture.NewBroker();
        await using var stays = await fixture.NewBroker().OpenAsync(fixture.Ledger, CancellationToken.None);
        var staying = HandleAsync(stays, handled, ended.Token);
        await PublishAsync(publishing, fixture.Orders, [.. Enumerable.Range(0, Count / 2).Select(number => Message($"m{number}"))]);

        var goes = await fixture.NewBroker().OpenAsync(fixture.Ledger, CancellationToken.None);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        var seenByOther = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var going = HandleAsync(goes, seenByOther, leaving.Token);
        for (var number = Count / 2; seenByOther.IsEmpty; number++)
        {
            await PublishAsync(publishing, fixture.Orders, Message($"x{number}"));
            await Task.Delay(20, ended.Token);
        }

        await PublishAsync(publishing, fixture.Orders, [.. Enumerable.Range(Count / 2, Count / 2).Select(number => Message($"m{number}"))]);
        await leaving.CancelAsync();
        await going;
        await goes.DisposeAsync();
        while (Enumerable.Range(0, Count).Any(number => !handled.ContainsKey($"m{number}") && !seenByOther.ContainsKey($"m{number}")))
        {
            await Task.Delay(50, ended.Token);
        }

        await ended.CancelAsync();
        await staying;
    }

    [Fact]
    public async Task Members_ThatVanish_WhileTheClusterComesAndGoes_LoseNothing()
    {
        const int Count = 2000;
        await using var fixture = new KafkaFixture(partitions: 4);

        // The test's brokers let five clients wait for them; a further one is heard when the kernel sends its segments again, which takes ever longer.
        var patience = TimeSpan.FromSeconds(60);
        var publishing = fixture.NewBroker(publishTimeout: patience);
        var handled = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var ended = new CancellationTokenSource(patience);
        await PublishAsync(publishing, fixture.Orders, [.. Enumerable.Range(0, Count / 2).Select(number => Message($"m{number}"))]);

        for (var round = 0; round < 3; round++)
        {
            var broker = fixture.NewBroker();
            var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
            var before = handled.Count;
            var handling = HandleAsync(source, handled, enough.Token);
            while (handled.Count == before)
            {
                await Task.Delay(10, ended.Token);
            }

            fixture.Cluster.ShutAll();
            await broker.VanishAsync();
            await enough.CancelAsync();
            await handling;
            fixture.Cluster.OpenAll();
            await PublishAsync(publishing, fixture.Orders, [.. Enumerable.Range(0, 10).Select(number => Message($"r{round}:{number}"))]);
        }

        await PublishAsync(publishing, fixture.Orders, [.. Enumerable.Range(Count / 2, Count / 2).Select(number => Message($"m{number}"))]);
        await using var last = await fixture.NewBroker().OpenAsync(fixture.Ledger, CancellationToken.None);
        var finishing = HandleAsync(last, handled, ended.Token);
        while (Enumerable.Range(0, Count).Any(number => !handled.ContainsKey($"m{number}")) || handled.Keys.Count(name => name[0] == 'r') < 30)
        {
            await Task.Delay(20, ended.Token);
        }

        await ended.CancelAsync();
        await finishing;
    }

    [Fact]
    public async Task Backlog_WithNobodyAsking_StaysWithTheCluster()
    {
        const int Count = 3000;
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        await PublishAsync(broker, fixture.Orders, [.. Enumerable.Range(0, Count).Select(number => Message($"m{number}"))]);
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);

        // Past the moment from which the partitions are paused; then all come, once each and in order.
        var first = await ReceiveAsync(source, 1);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var all = first.Concat(await ReceiveAsync(source, Count - 1)).Select(TextOf);
        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"m{number}"), all);
    }

    private static async Task HandleAsync(IMessageSource source, ConcurrentDictionary<string, int> handled, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                foreach (var delivery in await source.ReceiveAsync(50, ended))
                {
                    handled.AddOrUpdate(TextOf(delivery), 1, (_, times) => times + 1);
                    await delivery.AcknowledgeAsync(CancellationToken.None);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The end of the test, or of the member.
        }
    }
}

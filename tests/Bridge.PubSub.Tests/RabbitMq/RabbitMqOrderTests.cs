using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>Several processes and one key.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqOrderTests(SharedRabbitMqServer shared) : IAsyncLifetime
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic() with { IsOrdered = true };
    private readonly List<RabbitMqBroker> _brokers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var broker in _brokers)
        {
            await broker.DisposeAsync();
        }
    }

    [Fact]
    public async Task ProcessVanishes_WithAMessageInWork_TheNextOneGetsItFirst()
    {
        var (one, two) = (await OpenAsync(), await OpenAsync());
        await PublishAsync(one, "account", "0", "1", "2");
        var first = await ReceiveAsync(await SourceAsync(one));
        var source = await SourceAsync(two);
        var receiving = ReceiveAsync(source);

        await one.DisposeAsync();
        var again = await receiving;

        Assert.Equal(("0", 1), (Text(first), first.Attempt));
        Assert.Equal(("0", 2), (Text(again), again.Attempt));
        await again.AcknowledgeAsync(CancellationToken.None);
        await AssertComeAsync(source, "1", "2");
    }

    [Fact]
    public async Task ProcessWantsNoMore_WithAMessageInWork_TheNextOneWaitsForIt()
    {
        var (one, two) = (await OpenAsync(), await OpenAsync());
        await PublishAsync(one, "account", "0", "1", "2");
        var source = await SourceAsync(one);
        var first = await ReceiveAsync(source);
        using (var end = new CancellationTokenSource())
        {
            var receiving = source.ReceiveAsync(1, end.Token);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        }

        var second = await SourceAsync(two);
        var other = ReceiveAsync(second);
        await Task.WhenAny(other, Task.Delay(Patience.Short));
        Assert.False(other.IsCompleted, "It came before the one that is in work.");

        await first.AcknowledgeAsync(CancellationToken.None);
        var next = await other;
        Assert.Equal("1", Text(next));
        await next.AcknowledgeAsync(CancellationToken.None);
        await AssertComeAsync(second, "2");
    }

    [Fact]
    public async Task ReplayedMessage_WaitsForTheOneOfItsKeyThatIsInWork()
    {
        var broker = await OpenAsync();
        await PublishAsync(broker, "account", "0", "1");
        var source = await SourceAsync(broker);
        await (await ReceiveAsync(source)).DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), CancellationToken.None);
        var inWork = await ReceiveAsync(source);

        Assert.Equal(1, await broker.DeadLettersOf(_topic.Subscriptions[0]).ReplayAsync(ids: null, CancellationToken.None));
        var receiving = ReceiveAsync(source);
        await Task.WhenAny(receiving, Task.Delay(Patience.Short));
        Assert.False(receiving.IsCompleted, "It came before the one that is in work.");
        await inWork.AcknowledgeAsync(CancellationToken.None);

        Assert.Equal(("1", "0"), (Text(inWork), Text(await receiving)));
    }

    [Fact]
    public async Task ProcessThatComesLater_GetsItsShareOfTheLanes()
    {
        const int Keys = 32;
        var (one, two) = (await OpenAsync(), await OpenAsync());
        var handled = new ConcurrentQueue<string>();
        var (first, second) = (0, 0);
        await using var early = RunningSubscription.Start(one, _topic.Subscriptions[0], (delivery, _) => Handle(delivery, ref first));
        var rounds = 0;
        await PublishRoundAsync();
        await Patience.UntilAsync(() => handled.Count == Keys, early.Describe);

        await using var late = RunningSubscription.Start(two, _topic.Subscriptions[0], (delivery, _) => Handle(delivery, ref second));
        await Patience.UntilAsync(
            async () =>
            {
                var before = Volatile.Read(ref second);
                await PublishRoundAsync();
                await Patience.UntilAsync(() => handled.Count == Keys * rounds, early.Describe);

                // Half of the lanes, with the keys that this many of them have at least.
                return Volatile.Read(ref second) - before >= Keys / 4;
            },
            () => $"{first} and {second} handled");

        foreach (var key in handled.GroupBy(text => text.Split(':')[0], StringComparer.Ordinal))
        {
            Assert.Equal(Enumerable.Range(0, rounds), key.Select(text => int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture)));
        }

        async Task PublishRoundAsync()
        {
            var round = rounds++;
            var messages = Enumerable.Range(0, Keys).Select(key => RabbitMqBrokerTests.Message($"{key}:{round}") with { OrderingKey = $"key-{key}" });
            Assert.All(await one.PublisherOf(_topic).PublishAsync([.. messages], CancellationToken.None), result => Assert.Null(result.Error));
        }

        ValueTask<HandlingResult> Handle(Delivery delivery, ref int count)
        {
            Interlocked.Increment(ref count);
            handled.Enqueue(Text(delivery));
            return new(HandlingResult.Done);
        }
    }

    private static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private static async Task<Delivery> ReceiveAsync(IMessageSource source) =>
        Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));

    private static async Task AssertComeAsync(IMessageSource source, params string[] texts)
    {
        foreach (var text in texts)
        {
            var delivery = await ReceiveAsync(source);
            Assert.Equal(text, Text(delivery));
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
    }

    private async Task<RabbitMqBroker> OpenAsync()
    {
        var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);
        _brokers.Add(broker);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    private async Task<IMessageSource> SourceAsync(RabbitMqBroker broker) => await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);

    private async Task PublishAsync(RabbitMqBroker broker, string key, params string[] texts)
    {
        var messages = texts.Select(text => RabbitMqBrokerTests.Message(text) with { OrderingKey = key });
        Assert.All(await broker.PublisherOf(_topic).PublishAsync([.. messages], CancellationToken.None), result => Assert.Null(result.Error));
    }
}

using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>One word about many messages.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqAcknowledgementTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Fact]
    public async Task OutOfOrder_ChannelEnds_ExactlyTheUnhandledComeAgain()
    {
        const int Count = 40;
        await using (var broker = await OpenAsync(_topic))
        {
            await PublishAsync(broker, _topic, Enumerable.Range(0, Count).Select(Message));
            await using var source = await SourceAsync(broker);
            var deliveries = await ReceiveAsync(source, Count);

            await AcknowledgeAsync(source, deliveries, 7, 3, 1);
            await AcknowledgeAsync(source, deliveries, 0, 2);
            await deliveries[9].AcknowledgeAsync(CancellationToken.None);
            await deliveries[12].ReleaseAsync(CancellationToken.None);
            await AcknowledgeAsync(source, deliveries, [.. Enumerable.Range(20, 15).Reverse()]);
            await AcknowledgeAsync(source, deliveries, 5, 4, 8);
            await deliveries[13].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), CancellationToken.None);
            await AcknowledgeAsync(source, deliveries, 39);
        }

        await using var next = await OpenAsync(_topic);
        await using var rest = await SourceAsync(next);
        int[] unhandled = [6, 10, 11, 12, .. Enumerable.Range(14, 6), .. Enumerable.Range(35, 4)];
        var again = await ReceiveAsync(rest, unhandled.Length);
        Assert.Equal(unhandled, again.Keys.Order());

        await AcknowledgeAsync(rest, again, [.. again.Keys.OrderDescending()]);
        await AssertNothingComesAsync(rest);
    }

    [Fact]
    public async Task MessagesOfLanesAmongOthers_AreAcknowledgedEachInItsPlace()
    {
        var topic = _topic with { IsOrdered = true };
        await using var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, Enumerable.Range(0, 30).Select(number => Message(number) with { OrderingKey = number < 20 ? $"key-{number % 4}" : null }));
        await using var source = await SourceAsync(broker);

        var seen = new List<int>();
        while (seen.Count < 30)
        {
            var deliveries = await source.ReceiveAsync(30, CancellationToken.None).WaitAsync(Patience.Long);
            seen.AddRange(deliveries.Select(NumberOf));
            Assert.All(await ((IBatchedMessageSource)source).AcknowledgeAsync(deliveries, CancellationToken.None), Assert.Null);
        }

        Assert.Equal(Enumerable.Range(0, 30), seen.Order());
        foreach (var key in seen.Where(number => number < 20).GroupBy(number => number % 4))
        {
            Assert.Equal(key.Order(), key);
        }

        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task ConnectionIsGone_EachMessageFails_AndComesAgain()
    {
        IReadOnlyDictionary<int, Delivery> deliveries;
        await using (var broker = await OpenAsync(_topic))
        {
            await PublishAsync(broker, _topic, Enumerable.Range(0, 5).Select(Message));
            var source = await SourceAsync(broker);
            deliveries = await ReceiveAsync(source, 5);
            await broker.DisposeAsync();

            var errors = await ((IBatchedMessageSource)source).AcknowledgeAsync([.. deliveries.Values], CancellationToken.None);

            Assert.Equal(5, errors.Length);
            Assert.All(errors, error => Assert.IsType<BrokerException>(error));
        }

        await using var next = await OpenAsync(_topic);
        await using var rest = await SourceAsync(next);
        Assert.Equal(deliveries.Keys.Order(), (await ReceiveAsync(rest, 5)).Keys.Order());
    }

    [Fact]
    public async Task RunnerOverManyMessages_LeavesNothingAtTheServer()
    {
        const int Count = 3000;
        await using var broker = await OpenAsync(_topic);
        await PublishAsync(broker, _topic, Enumerable.Range(0, Count).Select(Message));
        var failed = 0;
        await using (var run = RunningSubscription.Start(broker, _topic.Subscriptions[0], HandleAsync))
        {
            await Patience.UntilAsync(() => run.Handled.Count == Count && run.Running == 0, run.Describe);
            await run.StopAsync();
            Assert.DoesNotContain(run.Reports, report => report.Contains("settling", StringComparison.Ordinal));
        }

        Assert.True(failed > 0);
        await using var source = await SourceAsync(broker);
        await AssertNothingComesAsync(source);

        // Some end late, and some fail at first.
        async ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken givingUp)
        {
            var number = NumberOf(delivery);
            if (number % 7 == 0)
            {
                await Task.Delay(number % 50, givingUp);
            }

            return number % 11 == 0 && delivery.Attempt == 1 && Interlocked.Increment(ref failed) > 0 ? HandlingResult.Failed("not yet") : HandlingResult.Done;
        }
    }

    private static OutgoingMessage Message(int number) => RabbitMqBrokerTests.Message(number.ToString(CultureInfo.InvariantCulture));

    private static int NumberOf(Delivery delivery) => int.Parse(Encoding.UTF8.GetString(delivery.Body.Span), CultureInfo.InvariantCulture);

    private static async Task PublishAsync(RabbitMqBroker broker, BrokerTopic topic, IEnumerable<OutgoingMessage> messages) =>
        Assert.All(await broker.PublisherOf(topic).PublishAsync([.. messages], CancellationToken.None), result => Assert.Null(result.Error));

    private static async Task<IReadOnlyDictionary<int, Delivery>> ReceiveAsync(IMessageSource source, int count)
    {
        var deliveries = new Dictionary<int, Delivery>();
        while (deliveries.Count < count)
        {
            foreach (var delivery in await source.ReceiveAsync(count - deliveries.Count, CancellationToken.None).WaitAsync(Patience.Long))
            {
                deliveries.Add(NumberOf(delivery), delivery);
            }
        }

        return deliveries;
    }

    private static async Task AcknowledgeAsync(IMessageSource source, IReadOnlyDictionary<int, Delivery> deliveries, params int[] numbers)
    {
        var errors = await ((IBatchedMessageSource)source).AcknowledgeAsync([.. numbers.Select(number => deliveries[number])], CancellationToken.None);
        Assert.Equal(new Exception?[numbers.Length], errors);
    }

    private static async Task AssertNothingComesAsync(IMessageSource source)
    {
        using var end = new CancellationTokenSource();
        var receiving = source.ReceiveAsync(1, end.Token);
        await Task.WhenAny(receiving, Task.Delay(Patience.Short));
        Assert.False(receiving.IsCompleted, "A message came that was handled.");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
    }

    private async Task<RabbitMqBroker> OpenAsync(BrokerTopic topic)
    {
        var broker = new RabbitMqBroker(shared.Server.Options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    private async Task<IMessageSource> SourceAsync(RabbitMqBroker broker) => await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);
}

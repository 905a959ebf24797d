using System.Collections.Concurrent;
using System.Globalization;

namespace Bridge.PubSub.Tests.Contract;

/// <content>Messages of one key keep their order, where the broker says so.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task Ordered_OneKey_ComesOneAfterTheOther()
    {
        if (await OpenOrderedAsync() is not var (broker, topic, source))
        {
            return;
        }

        await PublishAsync(broker, topic, NewMessages(5, "a"));
        for (var number = 0; number < 5; number++)
        {
            var delivery = await ReceiveOneAsync(source);
            Assert.Equal(number, NumberOf(delivery));
            await AssertNothingComesAsync(source, TimeSpan.FromMilliseconds(150));
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }

        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Ordered_UnfinishedKey_HoldsNoOtherUp()
    {
        if (await OpenOrderedAsync() is not var (broker, topic, source))
        {
            return;
        }

        await PublishAsync(broker, topic, NewMessage("a1", "a"), NewMessage("a2", "a"), NewMessage("b1", "b"), NewMessage("free1"), NewMessage("free2"));
        var deliveries = await ReceiveAsync(source, 4);

        Assert.Equal(["a1", "b1", "free1", "free2"], deliveries.Select(TextOf).Order(StringComparer.Ordinal));
        await AssertNothingComesAsync(source);
        await AcknowledgeAsync(deliveries);
        var last = await ReceiveOneAsync(source);
        Assert.Equal("a2", TextOf(last));
        await last.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Ordered_Retry_HoldsLaterOnesBack()
    {
        if (await OpenOrderedAsync() is not var (broker, topic, source))
        {
            return;
        }

        await PublishAsync(broker, topic, NewMessages(3, "a"));
        await (await ReceiveOneAsync(source)).RetryAsync(TimeSpan.FromMilliseconds(500), CancellationToken.None);
        var seen = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            var delivery = await ReceiveOneAsync(source);
            seen.Add($"{TextOf(delivery)}/{delivery.Attempt}");
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }

        Assert.Equal(["0/2", "1/1", "2/1"], seen);
    }

    [Fact]
    public async Task Ordered_ReleaseAndDeadLetter_KeepTheOrder()
    {
        if (await OpenOrderedAsync() is not var (broker, topic, source))
        {
            return;
        }

        await PublishAsync(broker, topic, NewMessages(3, "a"));
        await (await ReceiveOneAsync(source)).ReleaseAsync(CancellationToken.None);
        var first = await ReceiveOneAsync(source);
        await first.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no"), CancellationToken.None);
        var second = await ReceiveOneAsync(source);
        await second.AcknowledgeAsync(CancellationToken.None);
        var third = await ReceiveOneAsync(source);
        await third.AcknowledgeAsync(CancellationToken.None);

        Assert.Equal([0, 1, 2], new[] { first, second, third }.Select(NumberOf));
    }

    [Fact]
    public async Task Ordered_DisposedSource_KeepsTheOrder()
    {
        if (await OpenOrderedAsync() is not var (broker, topic, source))
        {
            return;
        }

        await PublishAsync(broker, topic, NewMessages(3, "a"));
        await ReceiveOneAsync(source);
        await source.DisposeAsync();

        await using var next = await OpenSourceAsync(await OpenAsync(topic), topic);
        var seen = new List<int>();
        for (var count = 0; count < 3; count++)
        {
            var delivery = await ReceiveOneAsync(next);
            seen.Add(NumberOf(delivery));
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }

        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public async Task Ordered_TwoProcessesAndFailures_KeepEachKeysOrder()
    {
        const int Keys = 8;
        const int Each = 15;
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 20, Retry = subscription.Retry with { MaxRetries = RetryPolicy.Unlimited } }, "mail") with { IsOrdered = true };
        var (one, two) = (await OpenAsync(topic), await OpenAsync(topic));
        if (!one.Traits.KeepsOrder)
        {
            return;
        }

        var handled = new ConcurrentQueue<string>();
        ValueTask<HandlingResult> Handle(Delivery delivery, CancellationToken givingUp)
        {
            var text = TextOf(delivery);
            if (delivery.Attempt == 1 && text.GetHashCode(StringComparison.Ordinal) % 4 == 0)
            {
                return new(HandlingResult.Failed("not yet"));
            }

            handled.Enqueue(text);
            return new(HandlingResult.Done);
        }

        Run(one, topic.Subscriptions[0], Handle);
        Run(two, topic.Subscriptions[0], Handle);
        for (var number = 0; number < Each; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            await PublishAsync(number % 2 == 0 ? one : two, topic, [.. Enumerable.Range(0, Keys).Select(key => NewMessage($"{key}:{text}", $"key-{key}"))]);
        }

        await Patience.UntilAsync(() => handled.Count >= Keys * Each, () => $"{handled.Count} handled");
        foreach (var key in handled.GroupBy(text => text.Split(':')[0], StringComparer.Ordinal))
        {
            Assert.Equal(Enumerable.Range(0, Each), key.Select(text => int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture)));
        }
    }

    /// <returns>null where the broker doesn't promise order: then it isn't asked for.</returns>
    private async Task<(IMessageBroker Broker, BrokerTopic Topic, IMessageSource Source)?> OpenOrderedAsync()
    {
        var topic = NewTopic("mail") with { IsOrdered = true };
        var broker = await OpenAsync(topic);
        return broker.Traits.KeepsOrder ? (broker, topic, await OpenSourceAsync(broker, topic)) : null;
    }
}

using System.Globalization;
using System.Security.Cryptography;

namespace Bridge.PubSub.Tests.Contract;

/// <content>What is published arrives as it was.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task Publish_OneMessage_ArrivesAsItWas()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["traceparent"] = "00-1-2-01", ["kind"] = "signup" };
        var before = TimeProvider.System.GetUtcNow();

        var ids = await PublishAsync(broker, topic, NewMessage("""{"user":1}""") with { Attributes = attributes });
        await using var source = await OpenSourceAsync(broker, topic);
        var delivery = await ReceiveOneAsync(source);

        Assert.Equal("""{"user":1}""", TextOf(delivery));
        Assert.Equal(attributes, delivery.Attributes);
        Assert.Equal(Assert.Single(ids), delivery.MessageId);
        Assert.Equal(1, delivery.Attempt);
        Assert.InRange(delivery.PublishedAt, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Publish_UnusualAttributes_ArriveAsTheyWere()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["greeting"] = "Grüße, 世界 🌍",
            ["lines"] = "one\r\ntwo\n\tthree",
            ["quoted"] = "\"a\" 'b' \\ % = ; : ,",
            ["empty"] = "",
            ["spaces"] = "  around  ",
        };

        await PublishAsync(broker, topic, NewMessage("1") with { Attributes = attributes });
        await using var source = await OpenSourceAsync(broker, topic);
        var delivery = await ReceiveOneAsync(source);

        Assert.Equal(attributes, delivery.Attributes);
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Publish_BigMessage_ArrivesWhole()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(128 * 1024));

        await PublishAsync(broker, topic, NewMessage(text));
        await using var source = await OpenSourceAsync(broker, topic);
        var delivery = await ReceiveOneAsync(source);

        Assert.Equal(text, TextOf(delivery));
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Publish_ThousandInOneCall_AllArriveOnce()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);

        var ids = await PublishAsync(broker, topic, NewMessages(1000));
        await using var source = await OpenSourceAsync(broker, topic);
        var deliveries = await ReceiveAsync(source, 1000);

        Assert.Equal(1000, ids.Distinct().Count());
        Assert.Equal(ids.Order(StringComparer.Ordinal), deliveries.Select(delivery => delivery.MessageId).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 1000), deliveries.Select(NumberOf).Order());
        await AcknowledgeAsync(deliveries);
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Publish_ManyCallsAtOnce_AllArriveOnce()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);

        var publishing = Task.WhenAll(NewMessages(200).Select(message => Task.Run(() => PublishAsync(broker, topic, message))));
        var deliveries = await ReceiveAsync(source, 200);

        Assert.Equal(200, (await publishing).SelectMany(ids => ids).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 200), deliveries.Select(NumberOf).Order());
        await AcknowledgeAsync(deliveries);
    }

    [Fact]
    public async Task Publish_TwoSubscriptions_EachGetsEveryMessage()
    {
        var topic = NewTopic("mail", "ledger");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(20));

        foreach (var subscription in new[] { 0, 1 })
        {
            await using var source = await OpenSourceAsync(broker, topic, subscription);
            var deliveries = await ReceiveAsync(source, 20);
            Assert.Equal(Enumerable.Range(0, 20), deliveries.Select(NumberOf).Order());
            await AcknowledgeAsync(deliveries);
            await AssertNothingComesAsync(source);
        }
    }

    [Fact]
    public async Task Publish_NoSubscription_IsTaken()
    {
        var topic = NewTopic();
        var broker = await OpenAsync(topic);

        Assert.Single(await PublishAsync(broker, topic, NewMessage("1")));
    }

    [Fact]
    public async Task Publish_OtherTopic_ArrivesOnlyThere()
    {
        var (one, two) = (NewTopic("mail"), NewTopic("mail"));
        var broker = await OpenAsync(one, two);

        await PublishAsync(broker, one, NewMessage("1"));
        await using var source = await OpenSourceAsync(broker, two);

        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Publish_SameDeduplicationId_ArrivesOnceWhereTheBrokerCanTell()
    {
        var topic = NewTopic("mail") with { Guarantee = DeliveryGuarantee.ExactlyOnce };
        var broker = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);
        var message = NewMessage("1") with { DeduplicationId = "order-1" };

        await PublishAsync(broker, topic, message);
        var first = await ReceiveOneAsync(source);
        await first.AcknowledgeAsync(CancellationToken.None);
        await PublishAsync(broker, topic, message, NewMessage("2") with { DeduplicationId = "order-2" }, NewMessage("3"));
        var later = await ReceiveAsync(source, broker.Traits.Deduplicates ? 2 : 3);

        Assert.Equal("1", TextOf(first));
        Assert.Equal(broker.Traits.Deduplicates ? [2, 3] : [1, 2, 3], later.Select(NumberOf).Order());
        await AcknowledgeAsync(later);
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Publish_ToDeliverLater_ComesNotBeforeOrIsRefused()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);
        var due = TimeProvider.System.GetUtcNow().AddSeconds(1.5);

        var results = await broker.PublisherOf(topic).PublishAsync([NewMessage("1") with { DeliverAt = due }, NewMessage("2")], CancellationToken.None);
        if (!broker.Traits.CanDelay)
        {
            var refusal = Assert.IsType<BrokerException>(results[0].Error);
            Assert.False(refusal.IsTransient);
            Assert.Contains(topic.Name, refusal.Message, StringComparison.Ordinal);
            return;
        }

        var (early, late) = (await ReceiveOneAsync(source), await ReceiveOneAsync(source));

        Assert.Equal(["2", "1"], new[] { early, late }.Select(TextOf));
        Assert.True(TimeProvider.System.GetUtcNow() > due.AddMilliseconds(-50), "It came before it was due.");
        await AcknowledgeAsync([early, late]);
    }

    [Fact]
    public async Task Prepare_WithoutProvision_NamesWhatIsMissing()
    {
        var topic = NewTopic("mail");
        var broker = await CreateAsync(topic);

        var missing = await broker.PrepareAsync(provision: false, CancellationToken.None);
        Assert.Contains(missing, line => line.Contains(topic.Subscriptions[0].Address, StringComparison.Ordinal));
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.Empty(await broker.PrepareAsync(provision: false, CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_Again_KeepsMessages()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(3));

        var second = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(second, topic);
        var deliveries = await ReceiveAsync(source, 3);

        Assert.Equal(["0", "1", "2"], deliveries.Select(TextOf).Order(StringComparer.Ordinal));
        await AcknowledgeAsync(deliveries);
    }

    [Fact]
    public async Task Prepare_NewSubscription_GetsWhatIsPublishedFromThenOn()
    {
        var topic = NewTopic("mail");
        var first = await OpenAsync(topic);
        var grown = topic with { Subscriptions = [.. topic.Subscriptions, NewSubscription(topic.Name, "ledger")] };
        if (!Fixture.IsShared)
        {
            return;
        }

        var second = await OpenAsync(grown);
        await PublishAsync(first, topic, NewMessage("1"));
        await using var source = await OpenSourceAsync(second, grown, 1);

        var delivery = await ReceiveOneAsync(source);
        Assert.Equal("1", TextOf(delivery));
        await delivery.AcknowledgeAsync(CancellationToken.None);
        Assert.Equal("1", delivery.Attempt.ToString(CultureInfo.InvariantCulture));
    }
}

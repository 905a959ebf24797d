using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;
using RabbitMQ.Client;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>Messages that wait.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqWaitTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MessageForMuchLater_HoldsNoneUp_AndNoneComesBeforeItsTime(bool isOrdered)
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic with { IsOrdered = isOrdered }]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        var now = TimeProvider.System.GetUtcNow();

        // The longest wait first, in one lane.
        int[] waits = [3_600_000, 1500, 0];
        var messages = waits.Select(wait => RabbitMqBrokerTests.Message(wait.ToString(CultureInfo.InvariantCulture)) with
        {
            OrderingKey = "account",
            DeliverAt = wait > 0 ? now.AddMilliseconds(wait) : null,
        });
        Assert.All(await broker.PublisherOf(_topic with { IsOrdered = isOrdered }).PublishAsync([.. messages], CancellationToken.None), result => Assert.Null(result.Error));

        await using var source = await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);
        var seen = new List<int>();
        while (seen.Count < waits.Length - 1)
        {
            var delivery = await ReceiveAsync(source);
            var wait = int.Parse(Encoding.UTF8.GetString(delivery.Body.Span), CultureInfo.InvariantCulture);
            seen.Add(wait);
            Assert.True(TimeProvider.System.GetUtcNow() >= now.AddMilliseconds(wait), "It came before it was due.");
            Assert.Equal(1, delivery.Attempt);
            Assert.Equal(wait > 0 ? now.AddMilliseconds(wait).ToUnixTimeMilliseconds() : delivery.PublishedAt.ToUnixTimeMilliseconds(), delivery.RetainedSince.ToUnixTimeMilliseconds());
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }

        Assert.Equal([0, 1500], seen.Order());
    }

    [Fact]
    public async Task QueueToWaitIn_IsGone_RetrySaysSo_AndTheMessageComesAgain()
    {
        var options = shared.Server.Options with { Prefix = $"{Guid.NewGuid():N}." };
        await using var broker = new RabbitMqBroker(options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        await using (var connection = await new ConnectionFactory { Uri = new Uri(options.Servers) }.CreateConnectionAsync())
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeleteAsync($"{options.Prefix}encore.wait.4096");
        }

        Assert.Null(Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("1")], CancellationToken.None)).Error);
        await using var source = await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);
        var first = await ReceiveAsync(source);

        var error = await Assert.ThrowsAsync<BrokerException>(() => first.RetryAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
        var again = await ReceiveAsync(source);

        Assert.Contains($"no queue {options.Prefix}encore.wait.4096", error.Message, StringComparison.Ordinal);
        Assert.Equal((first.MessageId, 2), (again.MessageId, again.Attempt));
        await again.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public void WhatTravelsBesideAMessage_IsReadAsItWasWritten()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);
        var written = new MessageProperties
        {
            MessageId = "id",
            PublishedAt = time,
            Attempt = 3,
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "größer", ["x-other"] = "1", ["encore-lane"] = "mine" },
            Lane = 15,
            DeliverAt = time.AddHours(1),
            RetryAt = time.AddHours(2),
            LetterId = "letter",
            DeadReason = new DeadLetterReason(DeadLetterCause.Expired, "too late"),
            DiedAt = time.AddDays(1),
        };

        var read = MessageProperties.Read(written.ToAmqp(), []);

        Assert.Equal(written.Attributes, read.Attributes);
        Assert.Equal(written with { Attributes = read.Attributes }, read);
        Assert.Equal(TimeSpan.FromHours(2), read.WaitAt(time));
        Assert.Equal(TimeSpan.FromHours(1), (read with { RetryAt = null }).WaitAt(time));
        Assert.Equal(TimeSpan.Zero, (read with { RetryAt = null, DeliverAt = null }).WaitAt(time));
    }

    private static async Task<Delivery> ReceiveAsync(IMessageSource source) =>
        Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));
}

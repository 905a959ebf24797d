using static Bridge.PubSub.Tests.Kafka.KafkaFixture;

namespace Bridge.PubSub.Tests.Kafka;

public sealed class KafkaDeadLetterTests
{
    private static readonly DeadLetterReason Reason = new(DeadLetterCause.Invalid, "no such täble");

    [Fact]
    public async Task DeadLetter_KeepsAllThatIsKnown_AndNeverComesAgain()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        var began = DateTimeOffset.UtcNow.AddSeconds(-1);
        await PublishAsync(broker, fixture.Orders, Message("1") with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" } }, Message("2"));
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        var first = (await ReceiveAsync(source, 1))[0];
        await first.RetryAsync(TimeSpan.Zero, CancellationToken.None);
        await (await ReceiveAsync(source, 1))[0].AcknowledgeAsync(CancellationToken.None);
        await (await ReceiveAsync(source, 1))[0].DeadLetterAsync(Reason, CancellationToken.None);

        var letters = broker.DeadLettersOf(fixture.Ledger);
        Assert.Equal(1, await letters.CountAsync(CancellationToken.None));
        var letter = Assert.Single(await letters.ListAsync(10, CancellationToken.None));
        Assert.Equal(first.MessageId, letter.MessageId);
        Assert.Equal(first.PublishedAt, letter.PublishedAt);
        Assert.Equal(2, letter.Attempts);
        Assert.Equal(Reason, letter.Reason);
        Assert.InRange(letter.DiedAt, began, DateTimeOffset.UtcNow);
        Assert.Equal("\"1\"", System.Text.Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal("b", Assert.Single(letter.Attributes).Value);
        Assert.Equal(0, await broker.DeadLettersOf(fixture.Mail).CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Replay_OfOne_GivesItToTheSubscriptionAgain_WithNewAttempts()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        var letters = await BuryAsync(fixture, broker, "1", "2", "3");
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        var list = await letters.ListAsync(2, CancellationToken.None);
        Assert.Equal(2, list.Count);

        Assert.Equal(1, await letters.ReplayAsync([list[1].Id, "unknown"], CancellationToken.None));
        var again = (await ReceiveAsync(source, 1))[0];
        Assert.Equal((list[1].MessageId, 1), (again.MessageId, again.Attempt));
        Assert.True(again.PublishedAt > list[1].PublishedAt);
        Assert.Equal(2, await letters.CountAsync(CancellationToken.None));

        // Buried a second time, it is a dead letter like any other.
        await again.DeadLetterAsync(Reason, CancellationToken.None);
        Assert.Equal(3, await letters.CountAsync(CancellationToken.None));
        Assert.Equal(3, await letters.ReplayAsync(ids: null, CancellationToken.None));
        Assert.Equal(["1", "2", "3"], (await ReceiveAsync(source, 3)).Select(TextOf).Order());
        Assert.Equal(0, await letters.CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Purge_OfSomeAndOfAll_TakesThemAway()
    {
        await using var fixture = new KafkaFixture(partitions: 1);
        var broker = fixture.NewBroker();
        var letters = await BuryAsync(fixture, broker, "1", "2", "3");
        var list = await letters.ListAsync(10, CancellationToken.None);

        Assert.Equal(1, await letters.PurgeAsync([list[0].Id, "unknown"], CancellationToken.None));
        Assert.Equal(list.Skip(1).Select(letter => letter.Id), (await letters.ListAsync(10, CancellationToken.None)).Select(letter => letter.Id));
        Assert.Equal(2, await letters.PurgeAsync(ids: null, CancellationToken.None));
        Assert.Empty(await letters.ListAsync(10, CancellationToken.None));
    }

    private static async Task<IDeadLetters> BuryAsync(KafkaFixture fixture, Bridge.Kafka.KafkaBroker broker, params string[] texts)
    {
        await PublishAsync(broker, fixture.Orders, [.. texts.Select(text => Message(text))]);
        await using var source = await broker.OpenAsync(fixture.Ledger, CancellationToken.None);
        foreach (var delivery in await ReceiveAsync(source, texts.Length))
        {
            await delivery.DeadLetterAsync(Reason, CancellationToken.None);
        }

        return broker.DeadLettersOf(fixture.Ledger);
    }
}

using System.Text;

namespace Bridge.PubSub.Tests.Contract;

/// <content>What is given up is kept, and can be had again.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task DeadLetter_Message_IsKeptWithEverything()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "größer" };
        await using var source = await OpenSourceAsync(broker, topic);
        var ids = await PublishAsync(broker, topic, NewMessage("""{"a":"ü"}""") with { Attributes = attributes });
        await (await ReceiveOneAsync(source)).RetryAsync(TimeSpan.Zero, CancellationToken.None);
        var delivery = await ReceiveOneAsync(source);
        var before = TimeProvider.System.GetUtcNow();

        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "user: must be a number\nname: is missing, 世界"), CancellationToken.None);
        if (!broker.Traits.ShowsDeadLetters)
        {
            return;
        }

        var letter = Assert.Single(await LettersAsync(broker, topic));
        Assert.Equal(Assert.Single(ids), letter.MessageId);
        Assert.Equal("""{"a":"ü"}""", Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal(attributes, letter.Attributes);
        Assert.Equal(2, letter.Attempts);
        Assert.Equal(new DeadLetterReason(DeadLetterCause.Invalid, "user: must be a number\nname: is missing, 世界"), letter.Reason);
        Assert.InRange(letter.DiedAt, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal(1, await broker.DeadLettersOf(topic.Subscriptions[0]).CountAsync(CancellationToken.None));
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task DeadLetters_OfTwoSubscriptions_AreApart()
    {
        var topic = NewTopic("mail", "ledger");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"));
        await using var mail = await OpenSourceAsync(broker, topic, 0);
        await using var ledger = await OpenSourceAsync(broker, topic, 1);

        await KillAsync(await ReceiveOneAsync(mail));
        await (await ReceiveOneAsync(ledger)).AcknowledgeAsync(CancellationToken.None);
        if (!broker.Traits.ShowsDeadLetters)
        {
            return;
        }

        Assert.Single(await LettersAsync(broker, topic, 0));
        Assert.Empty(await LettersAsync(broker, topic, 1));
        Assert.Equal(1, await broker.DeadLettersOf(topic.Subscriptions[0]).ReplayAsync(ids: null, CancellationToken.None));
        var again = await ReceiveOneAsync(mail);
        Assert.Equal("1", TextOf(again));
        await again.AcknowledgeAsync(CancellationToken.None);
        await AssertNothingComesAsync(ledger);
    }

    [Fact]
    public async Task Replay_ById_GivesThatOneAgainFromItsFirstAttempt()
    {
        if (await OpenWithDeadLettersAsync(3) is not var (broker, topic, source))
        {
            return;
        }

        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        var chosen = (await dead.ListAsync(10, CancellationToken.None))[1];

        Assert.Equal(0, await dead.ReplayAsync(["no-such-id"], CancellationToken.None));
        Assert.Equal(1, await dead.ReplayAsync([chosen.Id, "no-such-id"], CancellationToken.None));
        var delivery = await ReceiveOneAsync(source);

        Assert.Equal(chosen.Body.ToArray(), delivery.Body.ToArray());
        Assert.Equal(1, delivery.Attempt);
        await delivery.AcknowledgeAsync(CancellationToken.None);
        await AssertNothingComesAsync(source);
        Assert.Equal(2, await dead.CountAsync(CancellationToken.None));
        Assert.DoesNotContain(await dead.ListAsync(10, CancellationToken.None), letter => letter.Id == chosen.Id);
    }

    [Fact]
    public async Task Replay_All_GivesAllAgainOnce()
    {
        if (await OpenWithDeadLettersAsync(30) is not var (broker, topic, source))
        {
            return;
        }

        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);

        Assert.Equal(30, await dead.ReplayAsync(ids: null, CancellationToken.None));
        var deliveries = await ReceiveAsync(source, 30);

        Assert.Equal(Enumerable.Range(0, 30), deliveries.Select(NumberOf).Order());
        Assert.Equal(0, await dead.CountAsync(CancellationToken.None));
        await KillAsync(deliveries[0]);
        await AcknowledgeAsync(deliveries.Skip(1));
        Assert.Equal(1, await dead.CountAsync(CancellationToken.None));
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Purge_SomeThenAll_DeletesThem()
    {
        if (await OpenWithDeadLettersAsync(5) is not var (broker, topic, source))
        {
            return;
        }

        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        var letters = await dead.ListAsync(2, CancellationToken.None);

        Assert.Equal(2, letters.Count);
        Assert.Equal(2, await dead.PurgeAsync([letters[0].Id, letters[1].Id, "no-such-id"], CancellationToken.None));
        Assert.Equal(3, await dead.CountAsync(CancellationToken.None));
        Assert.Equal(3, await dead.PurgeAsync(ids: null, CancellationToken.None));
        Assert.Equal(0, await dead.CountAsync(CancellationToken.None));
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task List_DeadLetters_OldestFirst()
    {
        if (await OpenWithDeadLettersAsync(6) is not var (broker, topic, _))
        {
            return;
        }

        var letters = await LettersAsync(broker, topic);

        Assert.Equal(["0", "1", "2", "3", "4", "5"], letters.Select(letter => Encoding.UTF8.GetString(letter.Body.Span)));
    }

    private static Task KillAsync(Delivery delivery) =>
        delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "given up by the test"), CancellationToken.None);

    private static Task<IReadOnlyList<DeadLetter>> LettersAsync(IMessageBroker broker, BrokerTopic topic, int subscription = 0) =>
        broker.DeadLettersOf(topic.Subscriptions[subscription]).ListAsync(100, CancellationToken.None);

    /// <returns>null where the broker doesn't show dead letters.</returns>
    private async Task<(IMessageBroker Broker, BrokerTopic Topic, IMessageSource Source)?> OpenWithDeadLettersAsync(int count)
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        if (!broker.Traits.ShowsDeadLetters)
        {
            return null;
        }

        await PublishAsync(broker, topic, NewMessages(count));
        var source = await OpenSourceAsync(broker, topic);
        foreach (var delivery in (await ReceiveAsync(source, count)).OrderBy(NumberOf))
        {
            await KillAsync(delivery);
        }

        return (broker, topic, source);
    }
}

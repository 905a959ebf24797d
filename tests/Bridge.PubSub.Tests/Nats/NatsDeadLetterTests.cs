using System.Text;
using Bridge.Core.PubSub;
using static Bridge.PubSub.Tests.Nats.BrokerSession;

namespace Bridge.PubSub.Tests.Nats;

[Collection(NatsCollection.Name)]
public sealed class NatsDeadLetterTests(SharedNatsServer shared)
{
    private static int _topics;

    private readonly BrokerTopic _topic = NatsServer.Topic($"dying-{Interlocked.Increment(ref _topics)}", "mailer", "ledger");

    [Fact]
    public async Task DeadLetter_KeepsEverything()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        var id = await session.PublishAsync("a", attributes: new() { ["tenant"] = "x", ["odd name"] = "y" });
        var source = await session.SourceAsync();
        await (await NextAsync(source)).RetryAsync(TimeSpan.Zero, Deadline);
        var delivery = await NextAsync(source);
        var reason = new DeadLetterReason(DeadLetterCause.Invalid, "line 1\nline 2 🙂");

        await delivery.DeadLetterAsync(reason, Deadline);

        Assert.Equal(1, await session.DeadLetters.CountAsync(Deadline));
        var letter = Assert.Single(await session.DeadLetters.ListAsync(10, Deadline));
        Assert.Equal("a", Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal((id, 2, reason), (letter.MessageId, letter.Attempts, letter.Reason));
        Assert.Equal(delivery.PublishedAt, letter.PublishedAt);
        Assert.InRange(letter.DiedAt, delivery.PublishedAt, delivery.PublishedAt.AddMinutes(1));
        Assert.Equal([("odd name", "y"), ("tenant", "x")], letter.Attributes.Select(pair => (pair.Key, pair.Value)).Order());
        await AssertNothingComesAsync(source);
    }

    [Fact]
    public async Task Replay_GivesToItsOwnSubscriptionAlone_AsNew()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await session.PublishAllAsync(["a", "b", "c"]);
        var (mailer, ledger) = (await session.SourceAsync(), await session.SourceAsync(1));
        await EndAllAsync(ledger, 3, delivery => delivery.AcknowledgeAsync(Deadline));
        await EndAllAsync(mailer, 3, delivery => delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, Text(delivery)), Deadline));
        var letters = await session.DeadLetters.ListAsync(10, Deadline);
        Assert.Equal(["a", "b", "c"], letters.Select(letter => letter.Reason.Text));

        Assert.Equal(1, await session.DeadLetters.ReplayAsync([letters[1].Id, "999999", "none"], Deadline));

        var again = await NextAsync(mailer);
        Assert.Equal(("b", 1), (Text(again), again.Attempt));
        await again.AcknowledgeAsync(Deadline);
        Assert.Equal(2, await session.DeadLetters.ReplayAsync(null, Deadline));
        Assert.Equal(0, await session.DeadLetters.CountAsync(Deadline));
        Assert.Equal(0, await session.DeadLetters.ReplayAsync(null, Deadline));
        var rest = new List<string>();
        await EndAllAsync(mailer, 2, delivery =>
        {
            rest.Add(Text(delivery));
            return delivery.AcknowledgeAsync(Deadline);
        });
        Assert.Equal(["a", "c"], rest);
        await AssertNothingComesAsync(ledger);
    }

    [Fact]
    public async Task Purge_DeletesThoseNamed_OrAll()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await session.PublishAllAsync(["a", "b", "c", "d"]);
        await EndAllAsync(await session.SourceAsync(), 4, delivery => delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, Text(delivery)), Deadline));
        var letters = await session.DeadLetters.ListAsync(2, Deadline);
        Assert.Equal(2, letters.Count);

        Assert.Equal(1, await session.DeadLetters.PurgeAsync([letters[1].Id, letters[1].Id, "77777"], Deadline));
        Assert.Equal(["a", "c", "d"], (await session.DeadLetters.ListAsync(10, Deadline)).Select(letter => letter.Reason.Text));
        Assert.Equal(3, await session.DeadLetters.PurgeAsync(null, Deadline));
        Assert.Equal(0, await session.DeadLetters.PurgeAsync(null, Deadline));
        Assert.Empty(await session.DeadLetters.ListAsync(10, Deadline));
    }

    [Fact]
    public async Task LongestMessage_BecomesADeadLetter_WithALongReason()
    {
        await using var session = await BrokerSession.OpenAsync(shared.Server.Options, _topic);
        await session.PublishAsync(new string('x', (1 << 20) - (32 << 10)));
        var delivery = await NextAsync(await session.SourceAsync());

        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, new string('é', 100_000)), Deadline);

        Assert.Equal((1 << 20) - (32 << 10), Assert.Single(await session.DeadLetters.ListAsync(1, Deadline)).Body.Length);
    }

    private static async Task EndAllAsync(IMessageSource source, int count, Func<Delivery, Task> end)
    {
        while (count > 0)
        {
            foreach (var delivery in await source.ReceiveAsync(count, Deadline))
            {
                await end(delivery);
                count--;
            }
        }
    }

    private static async Task AssertNothingComesAsync(IMessageSource source)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReceiveAsync(1, patience.Token));
    }
}

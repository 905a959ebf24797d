using System.Globalization;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using static Bridge.PubSub.Tests.Embedded.MessageFile;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>What is in the file, and for how long.</summary>
#pragma warning disable CA1001 // Justification: DisposeAsync ends it; xunit knows it by another interface.
public sealed class StoreTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly string[] Empty = ["message", "delivery", "fan_out", "dead_letter"];

    private readonly MessageFile _file = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _file.DisposeAsync();

    [Fact]
    public async Task Publish_WithoutSubscription_KeepsNothing()
    {
        var broker = await _file.OpenAsync(Topic());

        Assert.NotNull((await PublishAsync(broker, Topic(), Message("1")))[0].MessageId);

        AssertEmpty();
    }

    [Fact]
    public async Task Message_OfTwoSubscriptions_IsThereOnceUntilBothAreDone()
    {
        var topic = Topic("mail", "ledger");
        var broker = await _file.OpenAsync(topic);
        await PublishAsync(broker, topic, Message("1"), Message("2"));
        Assert.Equal("2", _file.Ask("SELECT count(*) FROM message"));
        Assert.Equal("4", _file.Ask("SELECT count(*) FROM delivery"));

        await HandleAllAsync(broker, topic.Subscriptions[0], 2);
        Assert.Equal("2", _file.Ask("SELECT count(*) FROM message"));
        await using (var ledger = await broker.OpenAsync(topic.Subscriptions[1], CancellationToken.None))
        {
            var deliveries = await ReceiveAsync(ledger);
            Assert.Equal(["1", "2"], deliveries.Select(delivery => Encoding.UTF8.GetString(delivery.Body.Span)));
            await deliveries[0].AcknowledgeAsync(CancellationToken.None);
            await deliveries[1].DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), CancellationToken.None);
        }

        Assert.Equal("1", _file.Ask("SELECT count(*) FROM message"));
        Assert.Equal(1, await broker.DeadLettersOf(topic.Subscriptions[1]).PurgeAsync(ids: null, CancellationToken.None));
        AssertEmpty();
    }

    [Fact]
    public async Task Reopen_KeepsMessagesDelaysAttemptsAndIds()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        var later = Message("later") with { DeliverAt = _file.Time.GetUtcNow().AddHours(1) };
        var ids = (await PublishAsync(broker, topic, Message("now"), later)).Select(result => long.Parse(result.MessageId!, CultureInfo.InvariantCulture)).ToArray();
        var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        await (await ReceiveAsync(source))[0].RetryAsync(TimeSpan.Zero, CancellationToken.None);
        await broker.DisposeAsync();

        broker = await _file.OpenAsync(topic);
        await using var again = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await ReceiveAsync(again));
        Assert.Equal(("now", 2), (Encoding.UTF8.GetString(delivery.Body.Span), delivery.Attempt));
        await delivery.AcknowledgeAsync(CancellationToken.None);
        _file.Time.Advance(TimeSpan.FromMinutes(61));
        await PublishAsync(broker, topic, Message("third"));
        var last = await ReceiveAsync(again);
        Assert.Equal(["later", "third"], last.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal(ids[1] + 1, long.Parse(last[1].MessageId, CultureInfo.InvariantCulture));
        await Task.WhenAll(last.Select(message => message.AcknowledgeAsync(CancellationToken.None)));
        AssertEmpty();
    }

    [Fact]
    public async Task Delayed_BeyondItsRetention_DoesNotExpire()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        await PublishAsync(broker, topic, Message("1") with { DeliverAt = _file.Time.GetUtcNow().AddDays(3) });
        _file.Time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));

        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await ReceiveAsync(source));

        Assert.True(_file.Time.GetUtcNow() - delivery.RetainedSince < TimeSpan.FromHours(1));
        Assert.True(_file.Time.GetUtcNow() - delivery.PublishedAt > TimeSpan.FromDays(2.9));
    }

    [Fact]
    public async Task Retention_Over_MakesDeadLettersOfWhatNobodyReceives()
    {
        var topic = Topic("mail", "ledger") with { IsOrdered = true };
        var broker = await _file.OpenAsync(topic);
        await PublishAsync(broker, topic, Message("1") with { OrderingKey = "a" }, Message("2") with { OrderingKey = "a" }, Message("3"));
        await HandleAllAsync(broker, topic.Subscriptions[1], 3);

        // Each look finds the first of a key; the next is its successor once that could have been handled as long.
        for (var look = 0; look < 3; look++)
        {
            _file.Time.Advance(TimeSpan.FromHours(25));
            await PublishAsync(broker, Topic() with { Name = "other", Address = "other" }, Message("x"));
            await Patience.UntilAsync(async () => await LettersOf(broker, topic).CountAsync(CancellationToken.None) >= Math.Min(look + 2, 3), () => $"look {look}");
        }

        var letters = await LettersOf(broker, topic).ListAsync(10, CancellationToken.None);
        Assert.Equal(["1", "2", "3"], letters.Select(letter => Encoding.UTF8.GetString(letter.Body.Span)).Order(StringComparer.Ordinal));
        Assert.All(letters, letter => Assert.Equal((DeadLetterCause.Expired, 0), (letter.Reason.Cause, letter.Attempts)));
        Assert.Equal("0", _file.Ask("SELECT count(*) FROM delivery"));
    }

    [Fact]
    public async Task Subscription_NoLongerDeclared_GetsNothingNewAndKeepsWhatItHas()
    {
        var (both, one) = (Topic("mail", "ledger"), Topic("mail"));
        var broker = await _file.OpenAsync(both);
        await PublishAsync(broker, both, Message("1"));
        var second = await _file.OpenAsync(one);
        await PublishAsync(broker, one, Message("2"));
        await Assert.ThrowsAsync<BrokerException>(async () => await second.OpenAsync(both.Subscriptions[1], CancellationToken.None));

        var third = await _file.OpenAsync(both);
        await PublishAsync(broker, both, Message("3"));
        await using var source = await third.OpenAsync(both.Subscriptions[1], CancellationToken.None);
        Assert.Equal(["1", "3"], (await ReceiveAsync(source)).Select(delivery => Encoding.UTF8.GetString(delivery.Body.Span)));
    }

    [Fact]
    public async Task Subscription_NoLongerDeclaredForLongerThanItsRetention_IsForgotten()
    {
        var broker = await _file.OpenAsync(Topic("mail", "ledger"));
        await PublishAsync(broker, Topic("mail", "ledger"), Message("1"));
        await HandleAllAsync(broker, Topic("mail").Subscriptions[0], 1);
        await _file.OpenAsync(Topic("mail"));
        Assert.Equal("1", _file.Ask("SELECT count(*) FROM message"));

        _file.Time.Advance(TimeSpan.FromHours(25));
        await PublishAsync(broker, Topic("mail"), Message("2"));

        Assert.Equal("2", _file.Ask("SELECT group_concat(CAST(body AS TEXT)) FROM message"));
        Assert.Equal("mail", _file.Ask("SELECT group_concat(address) FROM subscription"));
    }

    [Fact]
    public async Task Deduplication_EndsWithTheRetention()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        var message = Message("1") with { DeduplicationId = "a" };
        var first = (await PublishAsync(broker, topic, message, message)).Select(result => result.MessageId).Distinct();
        await broker.DisposeAsync();
        broker = await _file.OpenAsync(topic);
        Assert.Equal(Assert.Single(first), (await PublishAsync(broker, topic, message))[0].MessageId);

        _file.Time.Advance(TimeSpan.FromHours(25));
        Assert.NotEqual(Assert.Single(first), (await PublishAsync(broker, topic, message))[0].MessageId);
        Assert.Equal("1", _file.Ask("SELECT count(*) FROM deduplication"));
        _file.Time.Advance(TimeSpan.FromHours(25));
        await PublishAsync(broker, topic, Message("2"));
        Assert.Equal("0", _file.Ask("SELECT count(*) FROM deduplication"));
    }

    [Fact]
    public async Task Deduplication_IdsThatDifferAfterANul_AreDifferent()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);

        var results = await PublishAsync(broker, topic, Message("1") with { DeduplicationId = "a\0b" }, Message("2") with { DeduplicationId = "a\0c" }, Message("3") with { DeduplicationId = "" });

        Assert.Equal(3, results.Select(result => result.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Dispose_SourceAndBrokerAtOnce_GivesMessagesBack()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 50).Select(number => Message($"{number}"))]);
        var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        Assert.Equal(50, (await ReceiveAsync(source, 50)).Count);
        var receiving = source.ReceiveAsync(1, CancellationToken.None);

        await Task.WhenAll(Task.Run(async () => await source.DisposeAsync()), Task.Run(async () => await broker.DisposeAsync()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => source.ReceiveAsync(1, CancellationToken.None));
        Assert.Equal("50", _file.Ask("SELECT count(*) FROM delivery WHERE owner IS NULL AND attempt = 0"));
        Assert.Equal("0", _file.Ask("SELECT count(*) FROM process"));
    }

    [Fact]
    public async Task Acknowledge_LostLease_SaysSoAndChangesNothing()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        await PublishAsync(broker, topic, Message("1"));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var stale = Assert.Single(await ReceiveAsync(source));
        _file.Time.Advance(TimeSpan.FromMinutes(3));
        var fresh = Assert.Single(await ReceiveAsync(source));

        foreach (var late in new Func<Task>[]
        {
            () => stale.AcknowledgeAsync(CancellationToken.None),
            () => stale.ExtendAsync(CancellationToken.None),
            () => stale.RetryAsync(TimeSpan.Zero, CancellationToken.None),
            () => stale.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "no"), CancellationToken.None),
        })
        {
            Assert.False((await Assert.ThrowsAsync<BrokerException>(late)).IsTransient);
        }

        Assert.Equal(2, fresh.Attempt);
        await fresh.ExtendAsync(CancellationToken.None);
        await fresh.AcknowledgeAsync(CancellationToken.None);
        AssertEmpty();
    }

    [Fact]
    public async Task File_AfterABurst_GivesItsSpaceBack()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        for (var batch = 0; batch < 10; batch++)
        {
            await PublishAsync(broker, topic, [.. Enumerable.Range(0, 10).Select(_ => Message(new string('x', 256_000)))]);
        }

        await HandleAllAsync(broker, topic.Subscriptions[0], 100);
        Assert.True(int.Parse(_file.Ask("PRAGMA freelist_count"), CultureInfo.InvariantCulture) > 5000);
        _file.Time.Advance(TimeSpan.FromMinutes(2));
        await PublishAsync(broker, topic, Message("1"));

        await Patience.UntilAsync(() => int.Parse(_file.Ask("PRAGMA freelist_count"), CultureInfo.InvariantCulture) < 3500, () => _file.Ask("PRAGMA freelist_count"));
    }

    [Fact]
    public async Task Ids_OfAFileMadeAnew_DoNotRepeat()
    {
        var topic = Topic("mail");
        var broker = await _file.OpenAsync(topic);
        var before = long.Parse((await PublishAsync(broker, topic, Message("1")))[0].MessageId!, CultureInfo.InvariantCulture);
        await broker.DisposeAsync();
        File.Delete(_file.FilePath);
        _file.Time.Advance(TimeSpan.FromSeconds(1));

        broker = await _file.OpenAsync(topic);

        Assert.True(long.Parse((await PublishAsync(broker, topic, Message("1")))[0].MessageId!, CultureInfo.InvariantCulture) > before + 900_000);
    }

    private static IDeadLetters LettersOf(Bridge.Sqlite.SqliteBroker broker, BrokerTopic topic) => broker.DeadLettersOf(topic.Subscriptions[0]);

    private static async Task HandleAllAsync(Bridge.Sqlite.SqliteBroker broker, BrokerSubscription subscription, int count)
    {
        await using var source = await broker.OpenAsync(subscription, CancellationToken.None);
        for (var handled = 0; handled < count;)
        {
            var deliveries = await ReceiveAsync(source, 256);
            handled += deliveries.Count;
            await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(CancellationToken.None)));
        }
    }

    private void AssertEmpty() => Assert.All(Empty, table => Assert.Equal("0", _file.Ask($"SELECT count(*) FROM {table}")));
}

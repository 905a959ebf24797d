using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Postgres.Outbox;
using Bridge.Postgres.PubSub;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Outbox;

/// <summary>What is committed reaches its broker, whoever dies meanwhile.</summary>
public sealed class RelayTests(SharedServer shared) : OutboxTest(shared)
{
    [Fact]
    public async Task FiveThousandRows_AreBrought_InOrderPerKey()
    {
        for (var start = 0; start < 5000; start += 500)
        {
            await CommitAsync("t", [.. Enumerable.Range(start, 500).Select(number => NewMessage(number.ToString(CultureInfo.InvariantCulture), $"k{number % 7}"))]);
        }

        Relay();
        await UntilTakenAsync(5000);
        await UntilAsync(async () => await CountAsync() == 0, () => "rows are deleted");

        Assert.Equal(5000, Publishers.Taken.Count);
        Assert.InRange(Publishers.Calls, 10, 20);
        foreach (var key in Publishers.Texts.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).GroupBy(number => number % 7))
        {
            Assert.Equal(key.Order(), key);
        }
    }

    [Fact]
    public async Task Leader_LostBetweenPublishingAndDeleting_PublishesOnceOnABrokerThatKnowsIds()
    {
        var topic = new BrokerTopic { Name = "t", Address = "t", Subscriptions = [new BrokerSubscription { Topic = "t", Name = "s", Address = "s" }] };
        await using var broker = new PostgresBroker(new PostgresBrokerOptions { ConnectionString = ConnectionString }, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        var killing = new KillingPublisher(broker.PublisherOf(topic), () => TerminateAsync("relay"));
        await CommitAsync("t", NewMessage("1"), NewMessage("2"), NewMessage("3"));

        Relay(Connect("relay"), _ => killing);
        await UntilAsync(async () => await CountAsync() == 0, () => "rows are deleted");

        Assert.Equal(2, killing.Calls);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);
        var deliveries = await source.ReceiveAsync(100, patience.Token);
        Assert.Equal(["1", "2", "3"], deliveries.Select(delivery => Encoding.UTF8.GetString(delivery.Body.Span)));
    }

    [Fact]
    public async Task Leader_ThatDies_IsFollowedByAnother()
    {
        var sources = new[] { "relay-a", "relay-b" }.Select(Connect).ToList();
        var first = Relay(sources[0]);
        await UntilAsync(() => first.IsLeader, () => "the first leads");
        var second = Relay(sources[1]);
        await CommitAsync("t", NewMessage("1"));
        await UntilTakenAsync(1);
        Assert.False(second.IsLeader);

        await first.DisposeAsync();
        await CommitAsync("t", NewMessage("2"));
        await UntilTakenAsync(2);
        await UntilAsync(() => second.IsLeader, () => "the second leads");

        var third = Relay(Connect("relay-c"));
        await TerminateAsync("relay-b");
        await CommitAsync("t", NewMessage("3"));
        await UntilTakenAsync(3);

        Assert.Equal(["1", "2", "3"], Publishers.Texts);
        await UntilAsync(() => second.IsLeader ^ third.IsLeader, () => "one of them leads");
    }

    [Fact]
    public async Task Broker_ThatIsGoneForAWhile_GetsAllInOrder_AndHoldsNoOtherTopicUp()
    {
        var isGone = true;
        Publishers.Refuse = (topic, _) => topic == "gone" && Volatile.Read(ref isGone) ? new BrokerException("no connection") : null;
        var observer = new Observer();
        await CommitAsync("gone", [.. Enumerable.Range(0, 600).Select(number => NewMessage(number.ToString(CultureInfo.InvariantCulture), "k"))]);
        await CommitAsync("there", NewMessage("here"));

        Relay(observer: observer);
        await UntilTakenAsync(1);
        Assert.Equal(["here"], Publishers.Texts);
        await UntilAsync(() => observer.Reports.Count(report => report.StartsWith("db/gone: no connection", StringComparison.Ordinal)) >= 2, () => "it is tried again and reported");
        Volatile.Write(ref isGone, false);
        await UntilTakenAsync(601);

        Assert.Equal(Enumerable.Range(0, 600), Publishers.Texts.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Message_ThatIsRefusedForGood_StaysWithThoseOfItsKey_AndOthersGo()
    {
        var isRefused = true;
        Publishers.Refuse = (_, message) =>
            Encoding.UTF8.GetString(message.Body.Span) == "a1" && Volatile.Read(ref isRefused) ? new BrokerException("too big", isTransient: false) : null;
        Relay();
        await CommitAsync("t", NewMessage("a1", "a"));
        await UntilAsync(async () => await AskAsync<string?>("SELECT max(error) FROM encore_outbox.message") == "too big", () => "the error stands in the row");
        await AskAsync<int?>("UPDATE encore_outbox.message SET retry_at = now() + interval '1 hour' RETURNING 1");
        await CommitAsync("t", NewMessage("a2", "a"), NewMessage("b1", "b"), NewMessage("free"));
        await UntilTakenAsync(2);
        Assert.Equal(["b1", "free"], Publishers.Texts);

        Volatile.Write(ref isRefused, false);
        await AskAsync<int?>("UPDATE encore_outbox.message SET retry_at = now() WHERE retry_at IS NOT NULL RETURNING 1");
        await CommitAsync("t", NewMessage("wakes it"));
        await UntilTakenAsync(5);

        Assert.Equal(["a1", "a2"], Publishers.Texts.Where(text => text[0] == 'a'));
    }

    [Fact]
    public async Task Topic_ThatIsNoMore_IsReported_AndKeepsItsMessages()
    {
        var observer = new Observer();
        Relay(observer: observer);
        await CommitAsync("unknown", NewMessage("1"));
        await CommitAsync("t", NewMessage("2"));

        await UntilAsync(() => observer.Reports.Any(report => report.StartsWith("db/unknown: the outbox of the database db holds messages of the topic unknown", StringComparison.Ordinal)), () => "it is reported");
        await UntilTakenAsync(1);

        Assert.Equal(["2"], Publishers.Texts);
        Assert.Equal("unknown", await AskAsync<string?>("SELECT topic FROM encore_outbox.message"));
    }

    [Fact]
    public async Task Server_ThatIsRestarted_IsReportedAndUsedAgain()
    {
        await using var server = await PostgresServer.StartAsync(SharedServer.Binaries);
        await using var source = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await PostgresOutbox.PrepareAsync(source, provision: true, CancellationToken.None);
        var observer = new Observer();
        await using var relay = new OutboxRelay("db", source, Publishers.Find, observer);
        await UntilAsync(() => relay.IsLeader, () => "it leads");

        await server.KillAsync();
        await UntilAsync(() => observer.Reports.Any(report => report.StartsWith("db: ", StringComparison.Ordinal)), () => "it is reported");
        await server.LaunchAsync();
        source.Clear();
        await using (var connection = await source.OpenConnectionAsync())
        {
            await PostgresOutbox.InsertAsync(connection, "t", NewMessage("1"), CancellationToken.None);
        }

        await UntilTakenAsync(1);
    }

    private async Task TerminateAsync(string application) =>
        await AskAsync<long>($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{application}' AND datname = current_database()");

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    private sealed class KillingPublisher(ITopicPublisher inner, Func<Task> kill) : ITopicPublisher
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
        {
            var results = await inner.PublishAsync(messages, cancellation);
            if (Interlocked.Increment(ref _calls) == 1)
            {
                await kill();
            }

            return results;
        }
    }

    private sealed class Observer : IOutboxObserver
    {
        public ConcurrentQueue<string> Reports { get; } = [];

        public void PublishingFailed(string database, string topic, Exception error, TimeSpan next) => Reports.Enqueue($"{database}/{topic}: {error.Message}");

        public void ReadingFailed(string database, Exception error, TimeSpan next) => Reports.Enqueue($"{database}: {error.Message}");
    }
}

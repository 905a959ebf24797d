using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Transactions, savepoints and connections that are kept.</summary>
public sealed class TransactionTests(SharedServer shared) : DatabaseTest(shared)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Client.RunAsync("CREATE TABLE t (id int PRIMARY KEY)");
    }

    [Fact]
    public async Task Commit_MakesItLast_RollbackUndoesIt()
    {
        var kept = await Client.BeginAsync();
        await kept.RunAsync("INSERT INTO t VALUES (1)");
        Assert.Equal("[]", await IdsAsync());
        await kept.CommitAsync();
        var undone = await Client.BeginAsync();
        await undone.RunAsync("INSERT INTO t VALUES (2)");
        await undone.RollBackAsync();

        Assert.Equal("[1]", await IdsAsync());
        Assert.Equal("25P01", (await SqlClient.FailAsync(() => kept.RunAsync("SELECT 1"))).Code);
        Assert.Equal(0, Client.Operations.SessionCount);
    }

    [Fact]
    public async Task Operations_OutOfOrder_RunInTheOrderOfTheirNumbers()
    {
        var session = await Client.BeginAsync();
        var commit = Client.AskAsync("sql.commit", $"[{session.Id},3]");
        var third = Client.RunAsync(session.Id, 2, "INSERT INTO t SELECT id + 10 FROM t RETURNING id");
        var second = Client.RunAsync(session.Id, 1, "INSERT INTO t VALUES (2)");
        await Task.Yield();
        Assert.False(third.IsCompleted || second.IsCompleted || commit.IsCompleted);

        await Client.RunAsync(session.Id, 0, "INSERT INTO t VALUES (1)");

        Assert.Equal("[[11],[12]]", (await third).Rows);
        await commit;
        Assert.Equal("[1,2,11,12]", await IdsAsync());
    }

    [Fact]
    public async Task Operation_CancelledBeforeItsTurn_DoesNotStopThoseAfterIt()
    {
        var session = await Client.BeginAsync();
        var cancelled = Client.RunAsync(session.Id, 1, "INSERT INTO t VALUES (1)", cancellation: new CancellationToken(canceled: true));
        var after = Client.RunAsync(session.Id, 2, "INSERT INTO t VALUES (2)");
        await Client.RunAsync(session.Id, 0, "SELECT 1");

        await Task.WhenAny(cancelled);
        Assert.True(cancelled.IsCanceled);
        await after;
        await Client.AskAsync("sql.commit", $"[{session.Id},3]");
        Assert.Equal("[2]", await IdsAsync());
    }

    [Fact]
    public async Task Commit_AfterAFailure_FailsAndRollsBack()
    {
        var session = await Client.BeginAsync();
        await session.RunAsync("INSERT INTO t VALUES (1)");
        await SqlClient.FailAsync(() => session.RunAsync("INSERT INTO t VALUES (1)"));
        Assert.Equal("25P02", (await SqlClient.FailAsync(() => session.RunAsync("SELECT 1"))).Code);

        Assert.Equal("25P02", (await SqlClient.FailAsync(session.CommitAsync)).Code);

        Assert.Equal("[]", await IdsAsync());
        Assert.Equal(0, Client.Operations.SessionCount);
    }

    [Fact]
    public async Task NestedTransaction_RolledBack_LeavesTheOuterOne()
    {
        var outer = await Client.BeginAsync();
        await outer.RunAsync("INSERT INTO t VALUES (1)");
        var inner = await outer.BeginAsync();
        await inner.RunAsync("INSERT INTO t VALUES (2)");
        await SqlClient.FailAsync(() => inner.RunAsync("INSERT INTO t VALUES (1)"));
        await inner.RollBackAsync();
        var second = await outer.BeginAsync();
        await second.RunAsync("INSERT INTO t VALUES (3)");
        var deepest = await second.BeginAsync();
        await deepest.RunAsync("INSERT INTO t VALUES (4)");
        await deepest.ReleaseAsync();
        await second.CommitAsync();
        await outer.CommitAsync();

        Assert.Equal("[1,3]", await IdsAsync());
    }

    [Fact]
    public async Task NestedTransaction_CommittedAfterAFailure_RollsBackToItsBeginning()
    {
        var outer = await Client.BeginAsync();
        await outer.RunAsync("INSERT INTO t VALUES (1)");
        var inner = await outer.BeginAsync();
        await inner.RunAsync("INSERT INTO t VALUES (2)");
        await SqlClient.FailAsync(() => inner.RunAsync("SELECT nothing"));
        await SqlClient.FailAsync(inner.CommitAsync);
        await outer.CommitAsync();

        Assert.Equal("[1]", await IdsAsync());
    }

    [Fact]
    public async Task NestedTransaction_WhoseOuterOneEnds_IsOver()
    {
        var outer = await Client.BeginAsync();
        var inner = await outer.BeginAsync();
        await inner.RunAsync("INSERT INTO t VALUES (1)");
        await outer.CommitAsync();

        Assert.Equal("25P01", (await SqlClient.FailAsync(() => inner.RunAsync("SELECT 1"))).Code);
        Assert.Equal("[1]", await IdsAsync());
        Assert.Equal(0, Client.Operations.SessionCount);
    }

    [Fact]
    public async Task Settings_OfATransaction_Hold()
    {
        var serializable = await Client.BeginAsync(isolation: "serializable");
        Assert.Equal("[[\"serializable\"]]", (await serializable.RunAsync("SHOW transaction_isolation")).Rows);
        await serializable.CommitAsync();
        var reading = await Client.BeginAsync(readOnly: true);
        Assert.Equal("25006", (await SqlClient.FailAsync(() => reading.RunAsync("INSERT INTO t VALUES (1)"))).Code);
        await reading.RollBackAsync();
        Assert.Equal("TypeError", (await SqlClient.FailAsync(() => Client.BeginAsync(isolation: "x; DROP TABLE t"))).Name);
        Assert.Equal("1", await Client.ValueAsync("SELECT 1"));
    }

    [Fact]
    public async Task Conflict_OfSerializableTransactions_IsTransient()
    {
        await Client.RunAsync("INSERT INTO t VALUES (1), (2)");
        var first = await Client.BeginAsync(isolation: "serializable");
        var second = await Client.BeginAsync(isolation: "serializable");
        await first.RunAsync("SELECT sum(id) FROM t");
        await second.RunAsync("SELECT sum(id) FROM t");
        await first.RunAsync("INSERT INTO t VALUES (3)");
        await second.RunAsync("INSERT INTO t VALUES (4)");
        await first.CommitAsync();

        var error = await SqlClient.FailAsync(second.CommitAsync);

        Assert.Equal(("40001", true), (error.Code, (bool?)error.Fields!["transient"]));
        Assert.Equal("[1,2,3]", await IdsAsync());
        Assert.Equal("1", await Client.ValueAsync("SELECT 1"));
    }

    [Fact]
    public async Task Connection_ThatIsKept_KeepsItsSettings_AndLosesThemWithItsRelease()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        var kept = await single.AcquireAsync();
        await kept.RunAsync("SET application_name = 'mine'; CREATE TEMPORARY TABLE scratch (id int); SELECT pg_advisory_lock(1)");
        Assert.Equal("[[\"mine\"]]", (await kept.RunAsync("SHOW application_name")).Rows);
        var transaction = await kept.BeginAsync();
        await transaction.RunAsync("INSERT INTO scratch VALUES (1)");
        await transaction.CommitAsync();
        Assert.Equal("[[1]]", (await kept.RunAsync("SELECT * FROM scratch")).Rows);
        await kept.ReleaseAsync();

        Assert.Equal("\"encore-host\"", await single.ValueAsync("SHOW application_name"));
        Assert.Equal("null", await single.ValueAsync("SELECT to_regclass('scratch')"));
        Assert.Equal("0", await single.ValueAsync("SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'"));
    }

    [Fact]
    public async Task Release_OfAConnectionInATransaction_RollsBack()
    {
        var kept = await Client.AcquireAsync();
        var transaction = await kept.BeginAsync();
        await transaction.RunAsync("INSERT INTO t VALUES (1)");
        Assert.Equal("25000", (await SqlClient.FailAsync(kept.BeginAsync)).Code);
        await kept.ReleaseAsync();

        Assert.Equal("[]", await IdsAsync());
        Assert.Equal(0, Client.Operations.SessionCount);
        await AssertNoTransactionAsync();
    }

    [Fact]
    public async Task Cancellation_WithinATransaction_LeavesNothingOpen()
    {
        var session = await Client.BeginAsync();
        await session.RunAsync("INSERT INTO t VALUES (1)");
        using var source = new CancellationTokenSource();
        var running = session.RunAsync("SELECT pg_sleep(60)", cancellation: source.Token);
        var release = session.ReleaseAsync();
        await source.CancelAsync();

        await Task.WhenAny(running);
        Assert.True(running.IsCanceled);
        await release;
        await AssertNoTransactionAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.BeginAsync(cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(0, Client.Operations.SessionCount);
        Assert.Equal("[]", await IdsAsync());
    }

    private Task AssertNoTransactionAsync() => WaitForZeroAsync(
        "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()");

    private async Task WaitForZeroAsync(string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await Client.ValueAsync(text) != "0")
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private Task<string> IdsAsync() => Client.ValueAsync("SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM t");
}

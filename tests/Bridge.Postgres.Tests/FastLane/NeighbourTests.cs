using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.FastLane;

/// <summary>Statements on one connection have nothing to do with each other.</summary>
public sealed class NeighbourTests(SharedServer shared) : LaneTest(shared)
{
    private const string Divide = "SELECT $1::int / $2::int";
    private const string Sleep = "SELECT $1::int, pg_sleep($2::float8)::text";

    [Fact]
    public async Task Failure_LeavesNeighboursAlone()
    {
        await WarmUpAsync(Client, Divide, "[1,1]");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async index =>
        {
            var parameters = SqlClient.Invariant($"[{index},{(index % 3 == 0 ? 0 : 1)}]");
            try
            {
                return (await Client.RunAsync(Divide, parameters)).Value;
            }
            catch (OperationException error)
            {
                return error.Code;
            }
        })).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 100).Select(index => index % 3 == 0 ? "22012" : SqlClient.Invariant($"{index}")), answers);
    }

    [Fact]
    public async Task Failure_SaysWhatThePoolSays()
    {
        await WarmUpAsync(Client, Divide, "[1,1]");

        var error = await SqlClient.FailAsync(() => Client.RunAsync(Divide, "[1,0]"));

        Assert.Equal(("SQLError", "22012", "division by zero"), (error.Name, error.Code, error.Message));
        Assert.Equal("2", (await Client.RunAsync(Divide, "[4,2]")).Value);
    }

    [Fact]
    public async Task Cancellation_LeavesNeighboursAlone()
    {
        await WarmUpAsync(Client, Divide, "[1,1]");
        using var source = new CancellationTokenSource();

        var answers = Enumerable.Range(0, 90).Select(index =>
            Client.RunAsync(Divide, SqlClient.Invariant($"[{index},1]"), cancellation: index % 3 == 0 ? source.Token : default)).ToList();
        await source.CancelAsync();

        await Task.WhenAny(Task.WhenAll(answers), Task.Delay(Patience));
        for (var index = 0; index < answers.Count; index++)
        {
            Assert.True(answers[index].IsCompletedSuccessfully || (index % 3 == 0 && answers[index].IsCanceled), $"{index}: {answers[index].Status}");
            if (answers[index].IsCompletedSuccessfully)
            {
                Assert.Equal(SqlClient.Invariant($"{index}"), (await answers[index]).Value);
            }
        }
    }

    [Fact]
    public async Task Timeout_EndsTheWait_AndLeavesNeighboursAlone()
    {
        await WarmUpAsync(Client, Sleep, "[0,0]");

        var slow = SqlClient.FailAsync(() => Client.RunAsync(Sleep, "[0,60]", timeout: 50));
        var quick = Enumerable.Range(1, 50).Select(index => Client.RunAsync(Sleep, SqlClient.Invariant($"[{index},0]"))).ToList();

        var error = await slow.WaitAsync(Patience);
        Assert.Equal(("57014", "the statement was cancelled after its timeout of 50 ms"), (error.Code, error.Message));
        var answers = await Task.WhenAll(quick).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(1, 50).Select(index => SqlClient.Invariant($"{index}")), answers.Select(answer => answer.Value));
        await AssertNothingSleepsAsync();
    }

    [Fact]
    public async Task Statement_ThatTakesLong_LetsThoseBehindItGoOn()
    {
        await WarmUpAsync(Client, Sleep, "[0,0]");
        using var source = new CancellationTokenSource();

        var slow = Client.RunAsync(Sleep, "[0,60]", cancellation: source.Token);
        var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(index => Client.RunAsync(Sleep, SqlClient.Invariant($"[{index},0]")))).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(1, 50).Select(index => SqlClient.Invariant($"{index}")), answers.Select(answer => answer.Value));
        Assert.False(slow.IsCompleted);
        Assert.False(Client.Operations.Find("db").Statements.Find(Sleep).MayShare);
        await source.CancelAsync();
        await Task.WhenAny(slow);
        Assert.True(slow.IsCanceled);
        await AssertNothingSleepsAsync();
    }

    [Fact]
    public async Task Statement_ThatWaitsForALock_LetsItsHolderGoOn()
    {
        await Client.RunAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await WarmUpAsync(Client, "SELECT a FROM t");
        await WarmUpAsync(Client, Divide, "[1,1]");
        var holder = await Client.BeginAsync();
        await holder.RunAsync("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");

        var waiting = Client.RunAsync("SELECT a FROM t");
        Assert.Equal("6", (await Client.RunAsync(Divide, "[6,1]").WaitAsync(Patience)).Value);
        Assert.False(waiting.IsCompleted);
        await holder.RunAsync("UPDATE t SET a = 2");
        await holder.CommitAsync();

        Assert.Equal("2", (await waiting.WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task Table_ThatIsAltered_GivesItsNewColumns()
    {
        await Client.RunAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await WarmUpAsync(Client, "SELECT * FROM t");

        await Client.RunAsync("ALTER TABLE t ADD b text DEFAULT 'x'");
        Assert.Equal("""[[1,"x"]]""", (await Client.RunAsync("SELECT * FROM t")).Rows);
        await Client.RunAsync("ALTER TABLE t ALTER a TYPE text");

        var answer = await WarmUpAsync(Client, "SELECT * FROM t");
        Assert.Equal(("""[["a",""],["b",""]]""", """[["1","x"]]"""), (answer.Columns, answer.Rows));
    }

    [Fact]
    public async Task Statements_MoreThanAreKeptPrepared_AllGetTheirRows()
    {
        await using var few = new SqlClient(SqlClient.Options(ConnectionString) with { MaxPreparedStatements = 3 });
        for (var round = 0; round < 3; round++)
        {
            for (var text = 0; text < 10; text++)
            {
                var expected = SqlClient.Invariant($"{text}");
                Assert.Equal(expected, (await WarmUpAsync(few, $"SELECT {expected}")).Value);
            }
        }
    }

    [Fact]
    public async Task Statements_OfOneTurn_AreSentAtOnce()
    {
        using var proxy = new TcpProxy(Shared.Server.Port);
        await using var client = SqlClient.To(ConnectionString.Replace($"Port={Shared.Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal));
        await WarmUpAsync(client, Divide, "[1,1]");
        var before = proxy.Requests;

        List<Task<(JsonElement Value, byte[]? Bytes)>> answers = [];
        OperationRound.Begin();
        for (var index = 0; index < 20; index++)
        {
            answers.Add(client.AskAsync("sql.run", SqlClient.Invariant($"[\"db\",0,0,0,0,\"{Divide}\",[{index},1],0]")));
        }

        OperationRound.End();
        await Task.WhenAll(answers).WaitAsync(Patience);

        Assert.Equal(1, proxy.Requests - before);
    }

    private Task AssertNothingSleepsAsync() => UntilAsync(async () => await Client.ValueAsync(
        "SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE '%pg_sleep($2%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()") == "0");
}

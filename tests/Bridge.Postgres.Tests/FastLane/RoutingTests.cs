using Bridge.Postgres.FastLane;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.FastLane;

/// <summary>Which statements run in the fast lane, and that they give the same there.</summary>
public sealed class RoutingTests(SharedServer shared) : LaneTest(shared)
{
    [Theory]
    [InlineData("SELECT 1 AS a, 'ä\"\\' AS b, NULL::int AS c, true AS d, '2024-02-29 12:00Z'::timestamptz AS e, 9007199254740993 AS f", "[]")]
    [InlineData("SELECT $1::int + 1, $2::text, $3::text, $4::bool, $5::float8", "[41,\"ä💡\",null,false,1e300]")]
    [InlineData("SELECT ARRAY[[1,2],[3,NULL]], '{\"a\":1}'::jsonb, int4range(1, 5), 1.50::numeric, '\\x00ff'::bytea, '\\x01'::bytea", "[]")]
    [InlineData("SELECT i, repeat('x', i) FROM generate_series(1, 300) i WHERE i % $1 = 0", "[7]")]
    [InlineData("SELECT 1 WHERE false", "[]")]
    [InlineData("WITH a AS (SELECT 1 AS one) TABLE a", "[]")]
    [InlineData("VALUES (1, 'a'), (2, $1)", "[\"b\"]")]
    public async Task Rows_AreThoseOfThePool(string text, string parameters)
    {
        var pooled = await Client.RunAsync(text, parameters);

        var lane = await WarmUpAsync(Client, text, parameters);

        Assert.Equal((pooled.Count, pooled.Columns, pooled.Rows), (lane.Count, lane.Columns, lane.Rows));
        Assert.Equal(pooled.Bytes, lane.Bytes);
    }

    [Theory]
    [InlineData(0, "[[1],[2],[3]]")]
    [InlineData(1, "[[1]]")]
    [InlineData(2, "[]")]
    public async Task Mode_SaysWhichRowsCross(int mode, string rows)
    {
        const string Text = "SELECT generate_series(1, 3)";
        await WarmUpAsync(Client, Text);

        var (value, _) = await Client.AskAsync("sql.run", $"[\"db\",0,0,{mode},0,\"{Text}\",[],0]");

        Assert.Equal((3, rows), (value[0].GetInt32(), value[3].GetRawText()));
    }

    [Fact]
    public async Task List_WhoseTypeIsKnown_IsBound()
    {
        const string Text = "SELECT i FROM generate_series(1, 9) i WHERE i = ANY($1)";

        Assert.Equal("[[2],[3]]", (await WarmUpAsync(Client, Text, """[["a",[2,3]]]""")).Rows);
    }

    [Fact]
    public async Task Bytes_GoThroughThePool()
    {
        Task<SqlClient.Answer> RunAsync() => Client.RunAsync("SELECT length($1)", """[["b",0,3]]""", [1, 2, 3]);

        Assert.Equal(0, await CountInLaneAsync(Client, RunAsync));
        Assert.Equal("3", (await RunAsync()).Value);
    }

    [Theory]
    [InlineData("SET work_mem = '5MB'")]
    [InlineData("SELECT set_config('work_mem', '5MB', false)")]
    [InlineData("SELECT pg_try_advisory_lock(7)")]
    [InlineData("SELECT pg_advisory_xact_lock(7)")]
    [InlineData("SELECT pg_notify('c', 'p')")]
    [InlineData("INSERT INTO t VALUES (1)")]
    [InlineData("UPDATE t SET a = a + 1")]
    [InlineData("SELECT nextval('s')")]
    [InlineData("SELECT writes()")]
    [InlineData("SELECT a FROM t FOR UPDATE")]
    [InlineData("WITH i AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a FROM i")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT current_setting('transaction_read_only')")]
    public async Task Statement_ThatDoesMoreThanRead_RunsInThePool(string text)
    {
        await Client.RunAsync("""
            CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE SEQUENCE s;
            CREATE FUNCTION writes() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO t VALUES (2) RETURNING a'
            """);

        Assert.Equal(0, await CountInLaneAsync(Client, () => Client.RunAsync(text)));
    }

    [Fact]
    public async Task Table_ThatIsTemporary_IsNotSeenByTheNext()
    {
        for (var time = 0; time < 5; time++)
        {
            await Client.RunAsync("SELECT 1 AS a INTO TEMP kept");
            var error = await SqlClient.FailAsync(() => Client.RunAsync("SELECT a FROM kept"));
            Assert.Equal("42P01", error.Code);
        }
    }

    [Fact]
    public async Task Function_ThatWrites_DoesSoOnce()
    {
        await Client.RunAsync("CREATE TABLE t (a int); CREATE FUNCTION writes() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO t VALUES (2) RETURNING a'");
        Assert.Equal(0, await CountInLaneAsync(Client, () => Client.RunAsync("SELECT writes()")));

        Assert.Equal("5", await Client.ValueAsync("SELECT count(*)::int FROM t"));
    }

    [Fact]
    public async Task Database_OfOneConnection_HasNoLane()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        for (var time = 0; time < 5; time++)
        {
            Assert.Equal("1", await single.ValueAsync("SELECT 1"));
        }

        Assert.Equal((0L, 0), (LaneOf(single).Answered, LaneOf(single).Open));
    }

    [Fact]
    public async Task Pool_ThatIsShort_GetsTheLanesConnections()
    {
        await using var two = SqlClient.To(ConnectionString, maxConnections: 2);
        await WarmUpAsync(two, "SELECT 1");

        var first = await two.BeginAsync();
        var second = await two.BeginAsync().WaitAsync(Patience);

        Assert.Equal(0, LaneOf(two).Open);
        await first.RollBackAsync();
        await second.RollBackAsync();
        await WarmUpAsync(two, "SELECT 1");
    }

    [Fact]
    public async Task Connections_OfBoth_AreNoMoreThanAllowed()
    {
        await using var four = SqlClient.To(ConnectionString, maxConnections: 4);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => four.RunAsync("SELECT pg_sleep(0.01)")));
        await WarmUpAsync(four, "SELECT 1");
        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => four.RunAsync("SELECT 1")));

        // One that is being closed may be there still.
        await UntilAsync(async () => await Client.ValueAsync(
            "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND query NOT LIKE '%pg_stat_activity%'") is "1" or "2" or "3" or "4");
    }

    [Theory]
    [InlineData("  select 1", true)]
    [InlineData("WITH a AS (SELECT 1) SELECT * FROM a", true)]
    [InlineData("explain select 1", false)]
    [InlineData("SELECT 1;", false)]
    [InlineData("select lastval()", false)]
    [InlineData("DELETE FROM t", false)]
    public void MayRead_LooksAtTheText(string text, bool expected) => Assert.Equal(expected, LaneRules.MayRead(text));

    [Fact]
    public void Pace_ForgivesSlowRuns_UntilThereAreSeveralInARow()
    {
        var pace = new StatementPace();
        Assert.False(pace.IsQuick);
        pace.Ran(TimeSpan.FromMilliseconds(1));
        pace.Ran(TimeSpan.FromSeconds(1));
        pace.Ran(TimeSpan.FromSeconds(1));
        Assert.True(pace.IsQuick);
        pace.Ran(TimeSpan.FromSeconds(1));
        Assert.False(pace.IsQuick);
        pace.Ran(TimeSpan.FromMilliseconds(1));
        Assert.True(pace.IsQuick);
        pace.Stalled();
        pace.Ran(TimeSpan.FromMilliseconds(1));
        Assert.False(pace.IsQuick);
    }
}

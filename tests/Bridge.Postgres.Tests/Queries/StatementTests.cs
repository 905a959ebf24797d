using System.Text.Json.Nodes;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Single statements: rows, counts, columns, errors, time.</summary>
public sealed class StatementTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Count_IsWhatTheCommandTagSays()
    {
        await Client.RunAsync("CREATE TABLE t (id int)");

        Assert.Equal(3, (await Client.RunAsync("INSERT INTO t VALUES (1), (2), (3)")).Count);
        Assert.Equal(2, (await Client.RunAsync("UPDATE t SET id = id + 10 WHERE id > 1")).Count);
        Assert.Equal(3, (await Client.RunAsync("SELECT * FROM t")).Count);
        var deleted = await Client.RunAsync("DELETE FROM t WHERE id > 10 RETURNING id");
        Assert.Equal((2, "[[12],[13]]"), (deleted.Count, deleted.Rows));
        Assert.Equal(0, (await Client.RunAsync("CREATE INDEX ON t (id)")).Count);
    }

    [Theory]
    [InlineData(0, "[[1],[2],[3]]")]
    [InlineData(1, "[[1]]")]
    [InlineData(2, "[]")]
    public async Task Mode_SaysWhichRowsCross(int mode, string rows)
    {
        var (value, _) = await Client.AskAsync("sql.run", $"[\"db\",0,0,{mode},0,\"SELECT generate_series(1, 3)\",[],0]");

        Assert.Equal((3, rows), (value[0].GetInt32(), value[3].GetRawText()));
    }

    [Fact]
    public async Task Columns_CrossOnce()
    {
        async Task<(int Shape, string Columns)> AskAsync(int known, string text)
        {
            var (value, _) = await Client.AskAsync("sql.run", $"[\"db\",0,0,0,{known},\"{text}\",[],0]");
            return (value[1].GetInt32(), value[2].GetRawText());
        }

        var (shape, columns) = await AskAsync(0, "SELECT 1 AS a, now() AS b");
        Assert.Equal("""[["a",""],["b","d"]]""", columns);
        Assert.True(shape > 0);
        Assert.Equal((shape, "null"), await AskAsync(shape, "SELECT 1 AS a, now() AS b"));
        Assert.Equal((shape, "null"), await AskAsync(shape, "SELECT 2 AS a, now() AS b"));
        var (other, _) = await AskAsync(shape, "SELECT 1 AS a, now() AS c");
        Assert.NotEqual(shape, other);
    }

    [Fact]
    public async Task Table_ThatIsAltered_GivesItsNewColumns()
    {
        await Client.RunAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        for (var use = 0; use < 5; use++)
        {
            await Client.RunAsync("SELECT * FROM t");
        }

        await Client.RunAsync("ALTER TABLE t ADD b text DEFAULT 'x'");

        var answer = await Client.RunAsync("SELECT * FROM t");
        Assert.Equal(("""[["a",""],["b",""]]""", """[[1,"x"]]"""), (answer.Columns, answer.Rows));
    }

    [Fact]
    public async Task Parameter_WhoseTypeIsAltered_IsWrittenByTheNewOne()
    {
        await Client.RunAsync("CREATE TABLE t (a int[])");
        for (var use = 0; use < 5; use++)
        {
            await Client.RunAsync("INSERT INTO t VALUES ($1)", """[["a",[1,2]]]""");
        }

        await Client.RunAsync("ALTER TABLE t ALTER a TYPE jsonb USING to_jsonb(a)");
        await Client.RunAsync("INSERT INTO t VALUES ($1)", """[["a",[1,"b"]]]""");

        Assert.Equal("6", await Client.ValueAsync("SELECT count(*)::int FROM t"));
        Assert.Equal("1", await Client.ValueAsync("SELECT count(*)::int FROM t WHERE a = '[1,\"b\"]'"));
    }

    [Fact]
    public async Task Type_ThatIsAltered_IsReadAnew()
    {
        await Client.RunAsync("CREATE TYPE pair AS (a int, b int)");
        Assert.Equal("""{"fields":[1,2]}""", await Client.ValueAsync("SELECT '(1,2)'::pair"));

        await Client.RunAsync("ALTER TYPE pair ADD ATTRIBUTE c text");

        Assert.Equal("0A000", (await SqlClient.FailAsync(() => Client.RunAsync("SELECT '(1,2,x)'::pair"))).Code);
        Assert.Equal("""{"fields":[1,2,"x"]}""", await Client.ValueAsync("SELECT '(1,2,x)'::pair"));
    }

    [Fact]
    public async Task Error_OfAConstraint_SaysWhichAndWhere()
    {
        await Client.RunAsync("CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL CONSTRAINT email_taken UNIQUE)");
        await Client.RunAsync("INSERT INTO users VALUES (1, 'a@b')");

        var error = await SqlClient.FailAsync(() => Client.RunAsync("INSERT INTO users VALUES ($1, $2)", """[2,"a@b"]"""));

        Assert.Equal(("SQLError", "23505", "duplicate key value violates unique constraint \"email_taken\""), (error.Name, error.Code, error.Message));
        Assert.Equal(
            """{"severity":"ERROR","detail":"Key (email)=(a@b) already exists.","schema":"public","table":"users","constraint":"email_taken"}""",
            error.Fields!.ToJsonString());
        var missing = await SqlClient.FailAsync(() => Client.RunAsync("INSERT INTO users VALUES (3, NULL)"));
        Assert.Equal(("23502", "email"), (missing.Code, (string?)missing.Fields!["column"]));
    }

    [Theory]
    [InlineData("SELECT '😀', nothing", "42703", 14)]
    [InlineData("SELECT * FROM nowhere", "42P01", 15)]
    [InlineData("SELECT '😀' FORM x", "42601", 18)]
    [InlineData("SELECT $1::int[] || nothing", "42703", 21, """[["a",[1]]]""")]
    public async Task Error_InTheText_HasItsPosition(string text, string code, int position, string parameters = "[]")
    {
        var error = await SqlClient.FailAsync(() => Client.RunAsync(text, parameters));

        Assert.Equal((code, position), (error.Code, (int?)error.Fields!["position"]));
        Assert.Null(error.Fields["transient"]);
    }

    [Theory]
    [InlineData("'; DROP TABLE victims; --")]
    [InlineData("\\'; DROP TABLE victims; --")]
    [InlineData("$1); DROP TABLE victims; --")]
    [InlineData("\"}'); DROP TABLE victims; --")]
    public async Task Parameter_ThatLooksLikeSql_StaysAValue(string value)
    {
        await Client.RunAsync("CREATE TABLE victims (v text, vs text[], j jsonb)");
        var quoted = SqlClient.Quote(value);
        var json = SqlClient.Quote($"{{\"k\":{quoted}}}");

        await Client.RunAsync("INSERT INTO victims VALUES ($1, $2, $3)", $"""[{quoted},["a",[{quoted}]],["j",{json}]]""");

        var answer = await Client.RunAsync("SELECT v, vs[1], j->>'k' FROM victims WHERE v = $1 AND vs = $2", $"""[{quoted},["a",[{quoted}]]]""");
        Assert.All(JsonNode.Parse(answer.Rows)![0]!.AsArray(), cell => Assert.Equal(value, (string?)cell));
        Assert.Equal("42601", (await SqlClient.FailAsync(() => Client.RunAsync("SELECT $1; DROP TABLE victims", "[1]"))).Code);
    }

    [Fact]
    public async Task Statements_InOneText_RunTogether()
    {
        await Client.RunAsync("CREATE TABLE a (id int); CREATE TABLE b (id int); INSERT INTO a VALUES (1)");

        await SqlClient.FailAsync(() => Client.RunAsync("INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)"));

        Assert.Equal("1", await Client.ValueAsync("SELECT count(*)::int FROM a"));
    }

    [Fact]
    public async Task Timeout_CancelsTheStatement_AndSaysAfterHowLong()
    {
        var error = await SqlClient.FailAsync(() => Client.RunAsync("SELECT pg_sleep(60)", timeout: 50));

        Assert.Equal(("57014", "the statement was cancelled after its timeout of 50 ms"), (error.Code, error.Message));
        await AssertNothingRunsAsync();
        Assert.Equal("1", await Client.ValueAsync("SELECT 1"));
    }

    [Fact]
    public async Task Cancellation_EndsTheStatement_AndKeepsTheConnection()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        var pid = await single.ValueAsync("SELECT pg_backend_pid()");
        using var source = new CancellationTokenSource();
        var running = single.RunAsync("SELECT pg_sleep(60)", cancellation: source.Token);
        await WaitForAsync("SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = current_database()", "1");

        await source.CancelAsync();

        await Task.WhenAny(running);
        Assert.True(running.IsCanceled);
        await AssertNothingRunsAsync();
        Assert.Equal(pid, await single.ValueAsync("SELECT pg_backend_pid()"));
    }

    [Fact]
    public async Task Setting_OfAPooledConnection_IsNotSeenByTheNext()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        await single.RunAsync("SET search_path = elsewhere");
        Assert.Equal("\"\\\"$user\\\", public\"", await single.ValueAsync("SHOW search_path"));
        await single.RunAsync("SELECT set_config('app.user', 'me', false)");
        Assert.NotEqual("\"me\"", await single.ValueAsync("SELECT current_setting('app.user', true)"));
        await single.RunAsync("BEGIN");
        Assert.Equal("null", await single.ValueAsync("SELECT pg_current_xact_id_if_assigned()"));
        Assert.Equal("1709210096789", await single.ValueAsync("SELECT '2024-02-29 12:34:56.789'::timestamp"));
    }

    [Fact]
    public async Task Observer_LearnsOfEveryStatement()
    {
        var observer = new Recorder();
        var common = new SqlOperationsOptions { Observer = observer, SlowStatement = TimeSpan.FromMilliseconds(20) };
        await using var client = new SqlClient(SqlClient.Options(ConnectionString), common);
        await client.RunAsync("SELECT generate_series(1, $1::int)", "[5]");
        await SqlClient.FailAsync(() => client.RunAsync("SELECT 1 / $1::int", "[0]"));
        await client.RunAsync("SELECT pg_sleep(0.03)");

        Assert.Equal(
            ["db SELECT generate_series(1, $1::int) 5  False", "db SELECT 1 / $1::int 0 22012 False", "db SELECT pg_sleep(0.03) 1  True"],
            observer.Reports.Select(report => $"{report.Database} {report.Text} {report.Rows} {report.ErrorCode} {report.IsSlow && report.Text.Contains("sleep", StringComparison.Ordinal)}"));
    }

    [Fact]
    public async Task Uri_IsTheOptions()
    {
        Assert.Equal("\"postgresql://somewhere/db\"", (await Client.AskAsync("sql.uri", "[\"db\"]")).Value.GetRawText());
        Assert.Equal("SQLError", (await SqlClient.FailAsync(() => Client.AskAsync("sql.uri", "[\"other\"]"))).Name);
        Assert.Contains("no database 'other'", (await SqlClient.FailAsync(() => Client.AskAsync("sql.acquire", "[\"other\"]"))).Message, StringComparison.Ordinal);
    }

    private Task AssertNothingRunsAsync() =>
        WaitForAsync("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()", "0");

    private async Task WaitForAsync(string text, string value)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await Client.ValueAsync(text) != value)
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private sealed class Recorder : ISqlObserver
    {
        internal List<SqlStatementReport> Reports { get; } = [];

        public void StatementEnded(in SqlStatementReport report) => Reports.Add(report);
    }
}

using System.Text.Json;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Rows that are read as they are asked for.</summary>
public sealed class CursorTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Cursor_OfAMillionRows_TakesLittleMemory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var (cursor, rows) = await OpenAsync(0, 0, "SELECT i, repeat('x', 100) AS pad FROM generate_series(1, 1000000) i");
        var (count, sum) = (rows.GetArrayLength(), rows.EnumerateArray().Sum(row => row[0].GetInt64()));
        for (var done = cursor == 0; !done;)
        {
            (done, rows) = await FetchAsync(cursor);
            count += rows.GetArrayLength();
            sum += rows.EnumerateArray().Sum(row => row[0].GetInt64());
            if (count % 100_000 < rows.GetArrayLength())
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal((1_000_000, 500_000_500_000L), (count, sum));
        Assert.InRange(most, 0, 16 * 1024 * 1024);
        Assert.Equal("25P01", (await SqlClient.FailAsync(() => FetchAsync(cursor))).Code);
    }

    [Fact]
    public async Task Cursor_ThatIsNotRead_StopsTheServer()
    {
        await Client.RunAsync("CREATE SEQUENCE progress");
        var (cursor, _) = await OpenAsync(0, 0, "SELECT nextval('progress'), repeat('x', 1000) FROM generate_series(1, 200000)");
        await using var other = SqlClient.To(ConnectionString);
        await WaitForAsync(other, "SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'SELECT nextval%' AND pid <> pg_backend_pid()", "\"ClientWrite\"");

        Assert.InRange(long.Parse(await other.ValueAsync("SELECT last_value FROM progress"), System.Globalization.CultureInfo.InvariantCulture), 1, 100_000);

        await Client.AskAsync("sql.close", $"[{cursor}]");
        await WaitForAsync(other, "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()", "0");
    }

    [Fact]
    public async Task Cursor_ThatIsClosedEarly_GivesItsConnectionBack()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        var pid = await single.ValueAsync("SELECT pg_backend_pid()");
        for (var round = 0; round < 5; round++)
        {
            var (value, _) = await single.AskAsync("sql.open", "[\"db\",0,0,0,\"SELECT generate_series(1, 100000000)\",[],0]");
            await single.AskAsync("sql.close", $"[{value[0].GetInt32()}]");
            Assert.Equal(pid, await single.ValueAsync("SELECT pg_backend_pid()"));
        }
    }

    [Fact]
    public async Task Cursor_InATransaction_GivesWayToOtherStatements()
    {
        await Client.RunAsync("CREATE TABLE t (id int)");
        var session = await Client.BeginAsync();
        var (cursor, rows) = await OpenAsync(session.Id, session.Next(), "SELECT generate_series(1, 7000)");
        var ids = rows.EnumerateArray().Select(row => row[0].GetInt32()).ToList();
        for (var done = false; !done;)
        {
            await session.RunAsync("INSERT INTO t VALUES ($1)", SqlClient.Invariant($"[{ids.Count}]"));
            (done, rows) = await FetchAsync(cursor);
            ids.AddRange(rows.EnumerateArray().Select(row => row[0].GetInt32()));
        }

        await session.CommitAsync();
        Assert.Equal(Enumerable.Range(1, 7000), ids);
        Assert.Equal("7", await Client.ValueAsync("SELECT count(*)::int FROM t"));
    }

    [Fact]
    public async Task Cursor_InATransaction_OfMoreThanMemoryTakes_RefusesOtherStatements()
    {
        await using var small = new SqlClient(SqlClient.Options(ConnectionString) with { MaxBufferedCursorBytes = 200_000 });
        var session = await small.BeginAsync();
        var (value, _) = await small.AskAsync("sql.open", $"[\"db\",{session.Id},{session.Next()},0,\"SELECT generate_series(1, 100000)\",[],0]");

        var error = await SqlClient.FailAsync(() => session.RunAsync("SELECT 1"));
        Assert.Equal("53400", error.Code);
        Assert.Contains("200000 bytes", error.Message, StringComparison.Ordinal);

        var count = value[4].GetArrayLength();
        for (var done = false; !done;)
        {
            var (fetched, _) = await small.AskAsync("sql.fetch", $"[{value[0].GetInt32()}]");
            done = fetched[0].GetBoolean();
            count += fetched[1].GetArrayLength();
        }

        Assert.Equal(100_000, count);
        Assert.Equal("[[1]]", (await session.RunAsync("SELECT 1")).Rows);
        await session.CommitAsync();
    }

    [Fact]
    public async Task Cursor_ThatFails_TellsAfterTheRowsBefore()
    {
        var (cursor, rows) = await OpenAsync(0, 0, "SELECT 1 / (1000 - i) FROM generate_series(1, 2000) i");
        var count = rows.GetArrayLength();
        var error = await SqlClient.FailAsync(async () =>
        {
            while (true)
            {
                var (_, next) = await FetchAsync(cursor);
                count += next.GetArrayLength();
            }
        });

        Assert.Equal("22012", error.Code);
        Assert.InRange(count, 256, 999);
        Assert.Equal("1", await Client.ValueAsync("SELECT 1"));
    }

    [Theory]
    [InlineData("SELECT 1 WHERE false", 0)]
    [InlineData("SELECT generate_series(1, 3)", 3)]
    [InlineData("CREATE TABLE made (id int)", 0)]
    public async Task Cursor_OfFewRows_IsDoneAtOnce(string text, int count)
    {
        var (cursor, rows) = await OpenAsync(0, 0, text);

        Assert.Equal((0, count), (cursor, rows.GetArrayLength()));
    }

    [Fact]
    public async Task Rollback_WhileACursorIsOpen_EndsIt()
    {
        var session = await Client.BeginAsync();
        var (cursor, _) = await OpenAsync(session.Id, session.Next(), "SELECT generate_series(1, 100000)");
        await session.RollBackAsync();

        Assert.Equal("25P01", (await SqlClient.FailAsync(() => FetchAsync(cursor))).Code);
        Assert.Equal("1", await Client.ValueAsync("SELECT 1"));
    }

    private static async Task WaitForAsync(SqlClient client, string text, string value)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await client.RunAsync(text)).Rows != $"[[{value}]]")
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private async Task<(int Cursor, JsonElement Rows)> OpenAsync(int session, int sequence, string text)
    {
        var (value, _) = await Client.AskAsync("sql.open", $"[\"db\",{session},{sequence},0,{SqlClient.Quote(text)},[],0]");
        Assert.Equal(value[0].GetInt32() == 0, value[1].GetBoolean());
        return (value[0].GetInt32(), value[4]);
    }

    private async Task<(bool Done, JsonElement Rows)> FetchAsync(int cursor)
    {
        var (value, _) = await Client.AskAsync("sql.fetch", $"[{cursor}]");
        return (value[0].GetBoolean(), value[1]);
    }
}

using System.Text;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Bulk inserts.</summary>
public sealed class CopyTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Copy_InsertsRowsOfEveryKind()
    {
        await Client.RunAsync("""
            CREATE SCHEMA "Odd ""one"; CREATE TYPE pair AS (a int, b text);
            CREATE TABLE "Odd ""one".t (id int, "Na me" text, at timestamptz, data bytea, tags text[], extra jsonb, pair pair, price numeric, unused int DEFAULT 7)
            """);
        var copy = await OpenAsync("""Odd "one.t""", """["id","Na me","at","data","tags","extra","pair","price"]""");
        await Client.AskAsync("sql.copyRows", $$$"""
            [{{{copy}}},[
              [1,"tab\t newline\n back\\ \\N \\. ü",["d",1709210096789],["b",0,3],["a",["x",null,"y\"\t"]],["j","{\"k\":\"\\n\"}"],["a",[1,"b"]],["m","1.50"]],
              [null,null,null,null,null,null,null,null]]]
            """, [1, 0, 255]);
        await Client.AskAsync("sql.copyRows", $"""[{copy},[[3,"",["d","infinity"],["b",1,0],["a",[]],["a",[1]],["j","{"{\\\"b\\\":\\\"z\\\"}"}"],2]]]""", [1, 0]);

        Assert.Equal("3", (await Client.AskAsync("sql.copyClose", $"[{copy},true]")).Value.GetRawText());

        var answer = await Client.RunAsync("SELECT * FROM \"Odd \"\"one\".t ORDER BY id");
        Assert.Equal(
            """[[1,"tab\t newline\n back\\ \\N \\. ü",1709210096789,{"at":0,"length":3},["x",null,"y\"\t"],{"k": "\n"},{"fields":[1,"b"]},"1.50",7],[3,"","infinity",{"at":3,"length":0},[],[1],{"fields":[null,"z"]},"2",7],[null,null,null,null,null,null,null,null,7]]"""
                .Replace("\\t", "\\u0009", StringComparison.Ordinal),
            answer.Rows);
    }

    [Fact]
    public async Task Copy_OfManyRows_TakesThemInPieces()
    {
        await Client.RunAsync("CREATE TABLE t (id int, name text)");
        var copy = await OpenAsync("t", """["id","name"]""");
        for (var batch = 0; batch < 200; batch++)
        {
            var rows = new StringBuilder();
            for (var row = 0; row < 500; row++)
            {
                rows.Append(row == 0 ? "" : ",").Append(SqlClient.Invariant($"[{(batch * 500) + row},\"name {row}\"]"));
            }

            await Client.AskAsync("sql.copyRows", $"[{copy},[{rows}]]");
        }

        Assert.Equal("100000", (await Client.AskAsync("sql.copyClose", $"[{copy},true]")).Value.GetRawText());
        Assert.Equal("4999950000", await Client.ValueAsync("SELECT sum(id) FROM t"));
    }

    [Fact]
    public async Task Copy_ThatIsAbandonedOrFails_InsertsNothing()
    {
        await Client.RunAsync("CREATE TABLE t (id int PRIMARY KEY)");
        var abandoned = await OpenAsync("t", "[\"id\"]");
        await Client.AskAsync("sql.copyRows", $"[{abandoned},[[1],[2]]]");
        await Client.AskAsync("sql.copyClose", $"[{abandoned},false]");

        var failed = await OpenAsync("t", "[\"id\"]");
        await Client.AskAsync("sql.copyRows", $"[{failed},[[1],[1]]]");
        var error = await SqlClient.FailAsync(() => Client.AskAsync("sql.copyClose", $"[{failed},true]"));
        Assert.Equal(("23505", "t_pkey"), (error.Code, (string?)error.Fields!["constraint"]));

        var malformed = await OpenAsync("t", "[\"id\"]");
        Assert.Equal("TypeError", (await SqlClient.FailAsync(() => Client.AskAsync("sql.copyRows", $"[{malformed},[[1,2]]]"))).Name);
        Assert.Equal("25P01", (await SqlClient.FailAsync(() => Client.AskAsync("sql.copyClose", $"[{malformed},true]"))).Code);
        Assert.Equal("42703", (await SqlClient.FailAsync(() => OpenAsync("t", "[\"nothing\"]"))).Code);
        Assert.Equal("42P01", (await SqlClient.FailAsync(() => OpenAsync("t\"; DROP TABLE t; --", "[\"id\"]"))).Code);
        Assert.Equal("0", await Client.ValueAsync("SELECT count(*)::int FROM t"));
    }

    [Fact]
    public async Task Copy_InATransaction_EndsWithIt()
    {
        await Client.RunAsync("CREATE TABLE t (id int)");
        var session = await Client.BeginAsync();
        var (value, _) = await Client.AskAsync("sql.copyOpen", $"[\"db\",{session.Id},{session.Next()},\"t\",[\"id\"]]");
        Assert.Equal("55006", (await SqlClient.FailAsync(() => session.RunAsync("SELECT 1"))).Code);
        await Client.AskAsync("sql.copyRows", $"[{value.GetInt32()},[[1],[2]]]");
        await Client.AskAsync("sql.copyClose", $"[{value.GetInt32()},true]");
        Assert.Equal("[[2]]", (await session.RunAsync("SELECT count(*)::int FROM t")).Rows);
        await Client.AskAsync("sql.copyOpen", $"[\"db\",{session.Id},{session.Next()},\"t\",[\"id\"]]");
        await session.RollBackAsync();

        Assert.Equal("0", await Client.ValueAsync("SELECT count(*)::int FROM t"));
    }

    private async Task<int> OpenAsync(string table, string columns) =>
        (await Client.AskAsync("sql.copyOpen", $"[\"db\",0,0,{SqlClient.Quote(table)},{columns}]")).Value.GetInt32();
}

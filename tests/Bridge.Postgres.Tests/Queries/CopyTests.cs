using System.Text;
using Bridge.Postgres.Tests.Servers;
using Bridge.Postgres.Tests.Values.RoundTrips;

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

    public static TheoryData<string> BinaryTypes { get; } =
        ["bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "char(12)", "json", "jsonb", "timestamp", "timestamptz", "uuid", "bytea"];

    /// <summary>Which format the rows go in makes no difference: that of a column of numeric is the text format.</summary>
    [Theory]
    [MemberData(nameof(BinaryTypes))]
    public async Task Copy_OfRandomValues_IsTheSameInBothFormats(string type)
    {
        var seed = Random.Shared.Next();
        var random = new RandomValues(new Random(seed));
        await Client.RunAsync($"CREATE TABLE b (id int, v {type}); CREATE TABLE t (id int, v {type}, n numeric)");
        var (binary, text) = (await OpenAsync("b", "[\"id\",\"v\"]"), await OpenAsync("t", "[\"id\",\"v\",\"n\"]"));
        for (var id = 0; id < 200; id++)
        {
            var value = random.Next(type);
            await Client.AskAsync("sql.copyRows", SqlClient.Invariant($"[{binary},[[{id},{value.Operand}]]]"), value.Bytes);
            await Client.AskAsync("sql.copyRows", SqlClient.Invariant($"[{text},[[{id},{value.Operand},1]]]"), value.Bytes);
        }

        await Client.AskAsync("sql.copyClose", $"[{binary},true]");
        await Client.AskAsync("sql.copyClose", $"[{text},true]");

        var different = await Client.RunAsync("SELECT id, b.v::text, t.v::text FROM b FULL JOIN t USING (id) WHERE b.v::text IS DISTINCT FROM t.v::text");
        Assert.True(different.Rows == "[]", $"seed {seed}: {different.Rows}");
        Assert.Equal("200", await Client.ValueAsync("SELECT count(*)::int FROM b"));
    }

    [Theory]
    [InlineData("int4", "\" 12 \"", "12")]
    [InlineData("int8", "true", null)]
    [InlineData("int2", "70000", null)]
    [InlineData("float4", "1e300", null)]
    [InlineData("float4", "1e-300", null)]
    [InlineData("float8", "\"1e3\"", "1000")]
    [InlineData("bool", "\"yes\"", "true")]
    [InlineData("text", "17", "\"17\"")]
    [InlineData("varchar(2)", "\"abc\"", null)]
    [InlineData("timestamptz", "\"2024-02-29T12:34:56.789+02:00\"", "1709202896789")]
    [InlineData("timestamptz", "[\"d\",-62167219200001]", "-62167219200001")]
    [InlineData("timestamp", "[\"d\",-8640000000000000]", null)]
    [InlineData("uuid", "\"{6F9619FF8B86D011B42D00CF4FC964FF}\"", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"")]
    [InlineData("bytea", "\"\\\\x6162\"", "{\"at\":0,\"length\":2}")]
    [InlineData("jsonb", "\"{\"", null)]
    public async Task Copy_OfAValueWithoutABinaryForm_GoesOnAsText_AndStaysWhole(string type, string value, string? back)
    {
        await Client.RunAsync($"CREATE TABLE t (id int, v {type})");
        foreach (var session in (SqlClient.Session?[])[null, await Client.BeginAsync()])
        {
            var copy = session is null
                ? await OpenAsync("t", "[\"id\",\"v\"]")
                : (await Client.AskAsync("sql.copyOpen", $"[\"db\",{session.Id},{session.Next()},\"t\",[\"id\",\"v\"]]")).Value.GetInt32();
            await Client.AskAsync("sql.copyRows", $"[{copy},[[1,null],[2,null]]]");
            if (back is null)
            {
                var error = await SqlClient.FailAsync(async () =>
                {
                    await Client.AskAsync("sql.copyRows", $"[{copy},[[3,{value}]]]");
                    await Client.AskAsync("sql.copyClose", $"[{copy},true]");
                });
                Assert.StartsWith("22", error.Code, StringComparison.Ordinal);
                Assert.Equal("[]", (await Client.RunAsync("SELECT id FROM t")).Rows);
                if (session is not null)
                {
                    await session.RollBackAsync();
                }

                continue;
            }

            await Client.AskAsync("sql.copyRows", $"[{copy},[[3,{value}]]]");
            await Client.AskAsync("sql.copyRows", $"[{copy},[[4,null]]]");
            Assert.Equal("4", (await Client.AskAsync("sql.copyClose", $"[{copy},true]")).Value.GetRawText());
            var answer = session is null
                ? await Client.RunAsync("DELETE FROM t RETURNING id, v")
                : await session.RunAsync("SELECT id, v FROM t");
            Assert.Equal($"[[1,null],[2,null],[3,{back}],[4,null]]", answer.Rows);
            if (session is not null)
            {
                await session.CommitAsync();
                Assert.Equal("4", await Client.ValueAsync("SELECT count(*)::int FROM t"));
            }
        }
    }

    [Fact]
    public async Task Copy_GivenUpAfterItsFormatChanged_InsertsNothing_AndLeavesTheConnectionInOrder()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        await single.RunAsync("CREATE TABLE t (id int)");
        var (value, _) = await single.AskAsync("sql.copyOpen", "[\"db\",0,0,\"t\",[\"id\"]]");
        await single.AskAsync("sql.copyRows", $"[{value},[[1]]]");
        await single.AskAsync("sql.copyRows", $"[{value},[[\" 2 \"]]]");
        await single.AskAsync("sql.copyClose", $"[{value},false]");

        Assert.Equal("0", await single.ValueAsync("SELECT count(*)::int FROM t"));
        Assert.Equal("null", await single.ValueAsync("SELECT pg_current_xact_id_if_assigned()"));
        Assert.Equal("42703", (await SqlClient.FailAsync(() => single.AskAsync("sql.copyOpen", "[\"db\",0,0,\"t\",[\"id\",\"x\"]]"))).Code);
        Assert.Equal("1", await single.ValueAsync("SELECT 1"));
    }

    [Fact]
    public async Task Copy_OnAnAcquiredConnection_LeavesItsTransactionOpen()
    {
        await Client.RunAsync("CREATE TABLE t (id int)");
        var session = await Client.AcquireAsync();
        await session.RunAsync("BEGIN");
        var (value, _) = await Client.AskAsync("sql.copyOpen", $"[\"db\",{session.Id},{session.Next()},\"t\",[\"id\"]]");
        await Client.AskAsync("sql.copyRows", $"[{value},[[1]]]");
        await Client.AskAsync("sql.copyClose", $"[{value},true]");
        await session.RunAsync("ROLLBACK");
        await session.ReleaseAsync();

        Assert.Equal("0", await Client.ValueAsync("SELECT count(*)::int FROM t"));
    }

    private async Task<int> OpenAsync(string table, string columns) =>
        (await Client.AskAsync("sql.copyOpen", $"[\"db\",0,0,{SqlClient.Quote(table)},{columns}]")).Value.GetInt32();
}

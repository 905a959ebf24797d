using Bridge.Core.Schema;
using Bridge.Postgres.Checks;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Checks;

/// <summary>What is found in statements that don't run.</summary>
public sealed class SqlChecksTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Check_ReportsWhatIsWrong_AndRunsNothing()
    {
        await Client.RunAsync("CREATE TABLE users (id int, name text)");

        var findings = await CheckAsync(
            Query("SELECT id FROM users WHERE id = $1 AND name = $2", 2),
            Query("DELETE FROM users; ", 0),
            Query("SELECT '😀', nam FROM users WHERE id = $1", 1),
            Query("SELECT * FROM uzers", 0),
            Query("SELEC 1", 0),
            Query("SELECT id + name FROM users", 0),
            Query("INSERT INTO users VALUES ($1, $2, $3)", 3),
            Query("UPDATE users SET id = $1::text", 1),
            Query("CREATE TABLE made (id int)", 0),
            Query("SELECT $1 || $2", 2),
            Query("SELECT name FROM users WHERE id = $1 OR id = $2", 1),
            Query("SELECT $1::int", 0));

        Assert.Equal(
            [
                (2, "42703", 14, "column \"nam\" does not exist"),
                (3, "42P01", 15, "relation \"uzers\" does not exist"),
                (4, "42601", 1, "syntax error at or near \"SELEC\""),
                (5, "42883", 11, "operator does not exist: integer + text"),
                (6, "42601", 35, "INSERT has more expressions than target columns"),
                (7, "42804", 23, "column \"id\" is of type integer but expression is of type text"),
                (10, "42P02", 46, "there is no parameter $2"),
                (11, "42P02", 8, "there is no parameter $1"),
            ],
            findings.Select(finding => (finding.Query, finding.Code, finding.Position, finding.Message)));
        Assert.All(findings, finding => Assert.Equal(SqlFindingKind.Refused, finding.Kind));
        Assert.Contains("users.name", findings[0].Help, StringComparison.Ordinal);
        Assert.Equal("null", await Client.ValueAsync("SELECT to_regclass('made')"));
    }

    /// <summary>What the check takes for impossible must be: each of these is sent as scripts send it.</summary>
    [Theory]
    [InlineData("int4", SqlValueKind.Boolean, "true")]
    [InlineData("int8", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("numeric", SqlValueKind.Array, "[\"a\",[1]]")]
    [InlineData("float8", SqlValueKind.Object, "[\"j\",\"{\\\"a\\\":1}\"]")]
    [InlineData("bool", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("timestamptz", SqlValueKind.Number, "1700000000000")]
    [InlineData("timestamp", SqlValueKind.Boolean, "true")]
    [InlineData("date", SqlValueKind.Number, "1700000000000")]
    [InlineData("uuid", SqlValueKind.Number, "1")]
    [InlineData("inet", SqlValueKind.Boolean, "true")]
    [InlineData("jsonb", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("int4[]", SqlValueKind.Number, "1")]
    [InlineData("int4[]", SqlValueKind.Object, "[\"j\",\"{\\\"a\\\":1}\"]")]
    [InlineData("int4range", SqlValueKind.Number, "1")]
    [InlineData("int4range", SqlValueKind.Array, "[\"a\",[1]]")]
    [InlineData("int4multirange", SqlValueKind.Object, "[\"j\",\"{\\\"lower\\\":1}\"]")]
    [InlineData("pair", SqlValueKind.Number, "1")]
    [InlineData("interval", SqlValueKind.Boolean, "true")]
    public async Task Parameter_ThatCannotBeItsType_IsFound_AndFailsIndeed(string type, SqlValueKind kind, string value)
    {
        await Client.RunAsync("CREATE TYPE pair AS (a int, b text)");
        var text = $"SELECT $1::{type} IS NULL";

        var finding = Assert.Single(await CheckAsync(Query(text, 1, kind)));

        Assert.Equal((SqlFindingKind.Parameter, 0), (finding.Kind, finding.Parameter));
        Assert.Contains("that the statement wants here", finding.Message, StringComparison.Ordinal);
        var error = await SqlClient.FailAsync(() => Client.RunAsync(text, $"[{value}]"));
        Assert.StartsWith("22", error.Code, StringComparison.Ordinal);
    }

    /// <summary>What works must not be reported.</summary>
    [Theory]
    [InlineData("int4", SqlValueKind.Number, "1")]
    [InlineData("int8", SqlValueKind.Bigint, "[\"n\",\"1\"]")]
    [InlineData("numeric", SqlValueKind.Decimal, "[\"m\",\"1.5\"]")]
    [InlineData("bool", SqlValueKind.Number, "1")]
    [InlineData("text", SqlValueKind.Number, "1")]
    [InlineData("text", SqlValueKind.Array, "[\"a\",[1]]")]
    [InlineData("text", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("varchar", SqlValueKind.Object, "[\"j\",\"{}\"]")]
    [InlineData("uuid", SqlValueKind.String, "\"5bd0a3b5-7a0e-4d0e-9d6a-0c2f3a1f2b11\"")]
    [InlineData("timestamptz", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("date", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("time", SqlValueKind.Date, "[\"d\",0]")]
    [InlineData("interval", SqlValueKind.Number, "5")]
    [InlineData("bytea", SqlValueKind.Bytes, "[\"b\",0,1]")]
    [InlineData("jsonb", SqlValueKind.Array, "[\"a\",[1]]")]
    [InlineData("jsonb", SqlValueKind.Number, "1")]
    [InlineData("json", SqlValueKind.Boolean, "true")]
    [InlineData("int4[]", SqlValueKind.Array, "[\"a\",[1]]")]
    [InlineData("int4range", SqlValueKind.Object, "[\"j\",\"{\\\"lower\\\":1}\"]")]
    [InlineData("int4multirange", SqlValueKind.Array, "[\"a\",[[\"j\",\"{\\\"lower\\\":1}\"]]]")]
    [InlineData("pair", SqlValueKind.Object, "[\"j\",\"{\\\"a\\\":1}\"]")]
    [InlineData("pair", SqlValueKind.Array, "[\"a\",[1,\"b\"]]")]
    [InlineData("mood", SqlValueKind.Number, "1")]
    public async Task Parameter_ThatMayBeItsType_IsNotFound_AndIsTakenIndeed(string type, SqlValueKind kind, string value)
    {
        await Client.RunAsync("CREATE TYPE pair AS (a int, b text)");
        await Client.RunAsync("CREATE TYPE mood AS ENUM ('1')");
        var text = $"SELECT $1::{type} IS NULL";

        Assert.Empty(await CheckAsync(Query(text, 1, kind)));
        Assert.Equal("false", await Client.ValueAsync(text, $"[{value}]", [1]));
    }

    [Fact]
    public async Task Parameter_OfSeveralKinds_IsFoundOnlyIfNoneFits()
    {
        Assert.Empty(await CheckAsync(Query("SELECT $1::int", 1, SqlValueKind.Boolean, SqlValueKind.String)));
        Assert.Empty(await CheckAsync(Query("SELECT $1::int", 1)));
        Assert.Equal(
            "a boolean or a Date can't be the int4 that the statement wants here",
            Assert.Single(await CheckAsync(Query("SELECT $1::int", 1, SqlValueKind.Boolean, SqlValueKind.Date))).Message);
    }

    [Fact]
    public async Task Bytes_AreOfTypeBytea_AsTheyAreSent()
    {
        await Client.RunAsync("CREATE TABLE files (size int, content bytea)");

        var findings = await CheckAsync(
            Query("INSERT INTO files (content) VALUES ($1)", 1, SqlValueKind.Bytes),
            Query("INSERT INTO files (size) VALUES ($1)", 1, SqlValueKind.Bytes));

        Assert.Equal([(1, "column \"size\" is of type integer but expression is of type bytea")], findings.Select(finding => (finding.Query, finding.Message)));
    }

    [Fact]
    public async Task Rows_ThatAreNotAsDeclared_AreFound()
    {
        await Client.RunAsync(
            "CREATE TABLE every (small int2, big int8, exact numeric, yes bool, day date, at timestamptz, data bytea, doc jsonb, tags text[], span int4range, id uuid)");
        SqlColumnSchema[] right =
        [
            Column("small", SqlValueKind.Number), Column("big", SqlValueKind.Number), Column("exact", SqlValueKind.Decimal), Column("yes", SqlValueKind.Boolean),
            Column("day", SqlValueKind.String), Column("at", SqlValueKind.Date), Column("data", SqlValueKind.Bytes), Column("doc", SqlValueKind.Boolean),
            Column("tags", SqlValueKind.Array), Column("span", SqlValueKind.Object), Column("id", SqlValueKind.String), Column("small"),
            new() { Name = "other", Optional = true },
        ];
        SqlColumnSchema[] wrong =
        [
            Column("small", SqlValueKind.String), Column("big", SqlValueKind.String), Column("exact", SqlValueKind.Number), Column("yes", SqlValueKind.Number),
            Column("day", SqlValueKind.Date), Column("at", SqlValueKind.String), Column("data", SqlValueKind.String),
            Column("tags", SqlValueKind.String), Column("span", SqlValueKind.String), Column("id", SqlValueKind.Number), Column("smallBig", SqlValueKind.Number),
        ];

        Assert.Empty(await CheckAsync(Rows("SELECT * FROM every", right)));
        var findings = await CheckAsync(Rows("SELECT * FROM every", wrong), Rows("UPDATE every SET small = 1", Column("small")));

        Assert.All(findings, finding => Assert.Equal(SqlFindingKind.Row, finding.Kind));
        Assert.Equal([.. wrong.Select(column => (0, column.Name)), (1, "small")], findings.Select(finding => (finding.Query, finding.Column ?? "")));
        Assert.Equal("the column exact is declared as a number, but is of type numeric, which arrives as a Decimal", findings[2].Message);
        Assert.Equal("it gives small, big, exact, yes, day, at, data, doc, tags, span, id", findings[^2].Help);
        Assert.Equal("it gives no rows", findings[^1].Help);
    }

    [Fact]
    public async Task Tables_ThatStatementsCreate_AreThereIfTheyMayBe()
    {
        SqlQuerySchema[] queries =
        [
            Query("SELECT n FROM numbers", 0), Query(" CREATE TEMP TABLE numbers (n int)", 0), Query("CREATE TABLE broken (n nothing)", 0), Query("SELECT m FROM numbers", 0),
        ];

        var without = await SqlChecks.CheckAsync(SqlClient.Options(ConnectionString), queries);
        var with = await SqlChecks.CheckAsync(SqlClient.Options(ConnectionString), queries, mayCreate: true);

        Assert.Equal([(0, "42P01"), (3, "42P01")], without.Select(finding => (finding.Query, finding.Code)));
        Assert.Equal([(3, "42703")], with.Select(finding => (finding.Query, finding.Code)));
    }

    [Fact]
    public async Task Check_OfADatabaseThatIsNotThere_SaysSo() =>
        Assert.Equal(
            "08001",
            (await SqlClient.FailAsync(() => SqlChecks.CheckAsync(SqlClient.Options(PostgresServer.ConnectionTo(1, "x")), []))).Code);

    private Task<IReadOnlyList<SqlFinding>> CheckAsync(params SqlQuerySchema[] queries) => SqlChecks.CheckAsync(SqlClient.Options(ConnectionString), queries);

    private static SqlColumnSchema Column(string name, params SqlValueKind[] kinds) => new() { Name = name, Kinds = { kinds } };

    private static SqlQuerySchema Query(string text, uint parameters, params SqlValueKind[] kinds) =>
        new() { Text = text, Parameters = parameters, Inserted = { Enumerable.Repeat(new SqlInsertedSchema { Kinds = { kinds } }, (int)parameters) } };

    private static SqlQuerySchema Rows(string text, params SqlColumnSchema[] columns) => new() { Text = text, Columns = { columns } };
}

using Bridge.Core.Schema;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>What is found in statements that don't run.</summary>
public sealed class SqlChecksTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Check_ReportsWhatIsWrong_AndRunsNothing()
    {
        await Client.RunAsync("CREATE TABLE users (id int, name text)");

        var problems = await SqlChecks.CheckAsync(ConnectionString, [
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
        ]);

        Assert.Equal(
            [
                (2, "42703", 14, "column \"nam\" does not exist"),
                (3, "42P01", 15, "relation \"uzers\" does not exist"),
                (4, "42601", 1, "syntax error at or near \"SELEC\""),
                (5, "42883", 11, "operator does not exist: integer + text"),
                (6, "42601", 35, "INSERT has more expressions than target columns"),
                (7, "42804", 23, "column \"id\" is of type integer but expression is of type text"),
            ],
            problems.Select(problem => (problem.Query, problem.Code, problem.Position, problem.Message)));
        Assert.Contains("users.name", problems[0].Hint, StringComparison.Ordinal);
        Assert.Equal("null", await Client.ValueAsync("SELECT to_regclass('made')"));
    }

    [Fact]
    public async Task Check_OfADatabaseThatIsNotThere_SaysSo() =>
        Assert.Equal(
            "08001",
            (await SqlClient.FailAsync(() => SqlChecks.CheckAsync(PostgresServer.ConnectionTo(1, "x"), []))).Code);

    private static SqlQuerySchema Query(string text, uint parameters) => new() { Text = text, Parameters = parameters };
}

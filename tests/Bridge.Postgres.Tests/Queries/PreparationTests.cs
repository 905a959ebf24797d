using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Statements that the driver prepares by itself, and that fail meanwhile.</summary>
public sealed class PreparationTests(SharedServer shared) : DatabaseTest(shared)
{
    private const string Divide = "SELECT $1::int / $2::int";

    [Theory]
    [InlineData("bg")]
    [InlineData("gbg")]
    [InlineData("gbbg")]
    [InlineData("ggbgg")]
    [InlineData("bbgg")]
    [InlineData("bgbgbgg")]
    [InlineData("gggbgbbg")]
    public async Task Failure_WheneverItComes_LeavesLaterRunsAlone(string runs)
    {
        var session = await Client.AcquireAsync();
        for (var index = 0; index < runs.Length; index++)
        {
            if (runs[index] == 'g')
            {
                Assert.Equal(SqlClient.Invariant($"{index}"), (await session.RunAsync(Divide, SqlClient.Invariant($"[{index},1]"))).Value);
            }
            else
            {
                Assert.Equal("22012", (await SqlClient.FailAsync(() => session.RunAsync(Divide, "[1,0]"))).Code);
            }
        }

        await session.ReleaseAsync();
    }

    [Fact]
    public async Task Failure_InATransaction_LeavesLaterRunsAlone()
    {
        var session = await Client.BeginAsync();
        Assert.Equal("1", (await session.RunAsync(Divide, "[1,1]")).Value);
        var inner = await session.BeginAsync();
        await SqlClient.FailAsync(() => inner.RunAsync(Divide, "[1,0]"));
        await inner.RollBackAsync();

        Assert.Equal("4", (await session.RunAsync(Divide, "[8,2]")).Value);
        Assert.Equal("3", (await session.RunAsync(Divide, "[9,3]")).Value);
        await session.CommitAsync();
    }

    [Fact]
    public async Task Failure_OfAStatementThatWrites_LeavesLaterRunsAlone()
    {
        await Client.RunAsync("CREATE TABLE t (id int PRIMARY KEY)");
        const string Insert = "INSERT INTO t VALUES ($1) RETURNING id";
        for (var id = 1; id <= 20; id++)
        {
            Assert.Equal(SqlClient.Invariant($"{id}"), (await Client.RunAsync(Insert, SqlClient.Invariant($"[{id}]"))).Value);
            Assert.Equal("23505", (await SqlClient.FailAsync(() => Client.RunAsync(Insert, SqlClient.Invariant($"[{id}]")))).Code);
        }
    }
}

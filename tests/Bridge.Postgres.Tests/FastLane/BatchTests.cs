using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.FastLane;

/// <summary>Statements of one turn, which are one transaction.</summary>
public sealed class BatchTests(SharedServer shared) : LaneTest(shared)
{
    private const string Now = "SELECT now()::text";
    private const string Divide = "SELECT $1::int / $2::int";
    private const string Add = "SELECT $1::int + $2::int";
    private const string Sleep = "SELECT $1::int, pg_sleep($2::float8)::text";

    [Fact]
    public async Task Statements_OfOneTurn_AreOneTransaction()
    {
        await WarmUpAsync(Client, Now);

        var first = await Task.WhenAll(AskInOneTurn([.. Enumerable.Repeat((Now, "[]"), 20)]));
        var second = await Task.WhenAll(AskInOneTurn((Now, "[]")));

        Assert.Single(first.Distinct());
        Assert.NotEqual(first[0], second[0]);
    }

    [Fact]
    public async Task Statements_MoreThanABatch_AllGetTheirRows()
    {
        await WarmUpAsync(Client, Add, "[1,1]");

        var answers = await Task.WhenAll(AskInOneTurn([.. Enumerable.Range(0, 500).Select(index => (Add, SqlClient.Invariant($"[{index},1]")))]));

        Assert.Equal(Enumerable.Range(1, 500).Select(index => SqlClient.Invariant($"{index}")), answers);
    }

    [Fact]
    public async Task Failure_LeavesItsTurnAlone_AndIsKeptFromIt()
    {
        await WarmUpAsync(Client, Divide, "[1,1]");
        await WarmUpAsync(Client, Add, "[1,1]");

        var answers = AskInOneTurn((Add, "[1,2]"), (Divide, "[1,0]"), (Divide, "[8,2]"), (Add, "[3,4]"));

        Assert.Equal("3", await answers[0]);
        Assert.Equal("22012", (await SqlClient.FailAsync(() => answers[1])).Code);
        Assert.Equal("4", await answers[2]);
        Assert.Equal("7", await answers[3]);
        Assert.False(Client.Operations.Find("db").Statements.Find(Divide).MayShare);
        await WarmUpAsync(Client, Add, "[1,1]");
    }

    [Fact]
    public async Task Statement_PassedOverBeforeItWasPrepared_IsPreparedTheNextTime()
    {
        var texts = Enumerable.Range(0, 10).Select(index => SqlClient.Invariant($"SELECT {index} + $1::int")).ToList();
        await WarmUpAsync(Client, Divide, "[1,1]");
        foreach (var text in texts)
        {
            await Client.RunAsync(text, "[1]");
        }

        var answers = AskInOneTurn([(Divide, "[1,0]"), .. texts.Select(text => (text, "[2]"))]);

        await SqlClient.FailAsync(() => answers[0]);
        Assert.Equal(Enumerable.Range(2, 10).Select(number => SqlClient.Invariant($"{number}")), await Task.WhenAll(answers[1..]));
        foreach (var text in texts)
        {
            await WarmUpAsync(Client, text, "[3]");
        }
    }

    [Fact]
    public async Task Statement_ThatTakesLong_LetsItsTurnGoOn()
    {
        await WarmUpAsync(Client, Sleep, "[0,0]");
        await WarmUpAsync(Client, Add, "[1,1]");
        using var source = new CancellationTokenSource();

        var answers = AskInOneTurn(source.Token, (Add, "[1,2]"), (Sleep, "[1,60]"), (Add, "[3,4]"));

        Assert.Equal("3", await answers[0].WaitAsync(Patience));
        Assert.Equal("7", await answers[2].WaitAsync(Patience));
        Assert.False(answers[1].IsCompleted);
        await source.CancelAsync();
        await Task.WhenAny(answers[1]);
        Assert.True(answers[1].IsCanceled);
    }

    [Fact]
    public async Task Statement_ThatIsSlowAmongOthers_IsFoundOut()
    {
        await WarmUpAsync(Client, Sleep, "[0,0]");
        await WarmUpAsync(Client, Add, "[1,1]");

        await UntilAsync(async () =>
        {
            var answers = await Task.WhenAll(AskInOneTurn((Add, "[1,2]"), (Sleep, "[1,0.04]"), (Add, "[3,4]")));
            Assert.Equal(["3", "1", "7"], answers);
            return !Client.Operations.Find("db").Statements.Find(Sleep).MayShare;
        });

        await WarmUpAsync(Client, Add, "[1,1]");
    }

    private List<Task<string>> AskInOneTurn(params (string Text, string Parameters)[] statements) => AskInOneTurn(default, statements);

    private List<Task<string>> AskInOneTurn(CancellationToken cancellation, params (string Text, string Parameters)[] statements)
    {
        OperationRound.Begin();
        try
        {
            return [.. statements.Select(statement => ValueAsync(Client.AskAsync(
                "sql.run", SqlClient.Invariant($"[\"db\",0,0,0,0,{JsonSerializer.Serialize(statement.Text)},{statement.Parameters},0]"), cancellation: cancellation)))];
        }
        finally
        {
            OperationRound.End();
        }
    }

    // The first value of the first row.
    private static async Task<string> ValueAsync(Task<(JsonElement Value, byte[]? Bytes)> answer) => (await answer).Value[3][0][0].ToString();
}

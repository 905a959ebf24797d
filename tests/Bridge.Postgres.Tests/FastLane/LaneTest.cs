using Bridge.Postgres.FastLane;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.FastLane;

/// <summary>A test of statements that share connections.</summary>
public abstract class LaneTest(SharedServer shared) : DatabaseTest(shared)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected static StatementLane LaneOf(SqlClient client) => client.Operations.Find("db").Lane;

    /// <summary>Runs a statement until the fast lane answers it.</summary>
    /// <returns>What it answered there.</returns>
    private protected static async Task<SqlClient.Answer> WarmUpAsync(SqlClient client, string text, string parameters = "[]")
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var before = LaneOf(client).Answered;
            var answer = await client.RunAsync(text, parameters);
            if (LaneOf(client).Answered > before)
            {
                return answer;
            }

            await Task.Delay(5, deadline.Token);
        }
    }

    /// <summary>Runs a statement often enough for the lane to take it if it did.</summary>
    /// <returns>How many times the lane did.</returns>
    private protected static async Task<long> CountInLaneAsync(SqlClient client, Func<Task> run)
    {
        await WarmUpAsync(client, "SELECT 'opens the lane'");
        var before = LaneOf(client).Answered;
        for (var time = 0; time < 5; time++)
        {
            await run();
        }

        return LaneOf(client).Answered - before;
    }

    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}

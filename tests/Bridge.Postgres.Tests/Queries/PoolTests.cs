using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Many users of few connections.</summary>
public sealed class PoolTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Transactions_TwentyTimesAsManyAsConnections_AllSucceed()
    {
        await Client.RunAsync("CREATE TABLE accounts (id int PRIMARY KEY, balance int); INSERT INTO accounts SELECT i, 0 FROM generate_series(1, 200) i");
        await Task.WhenAll(Enumerable.Range(1, 200).Select(async id =>
        {
            var transaction = await Client.BeginAsync();
            await transaction.RunAsync("UPDATE accounts SET balance = balance + $1 WHERE id = $1", SqlClient.Invariant($"[{id}]"));
            await transaction.RunAsync("SELECT balance FROM accounts WHERE id = $1", SqlClient.Invariant($"[{id}]"));
            if (id % 2 == 0)
            {
                await transaction.CommitAsync();
            }
            else
            {
                await transaction.RollBackAsync();
            }
        }));

        Assert.Equal("10100", await Client.ValueAsync("SELECT sum(balance)::int FROM accounts"));
        Assert.Equal(0, Client.Operations.SessionCount);
        Assert.InRange(await ConnectionsAsync(), 1, 10);
    }

    [Fact]
    public async Task Pool_WithNoConnectionFree_SaysWhatToDo()
    {
        await using var small = new SqlClient(SqlClient.Options(ConnectionString, 2) with { PoolTimeout = TimeSpan.FromMilliseconds(50) });
        var first = await small.BeginAsync();
        var second = await small.AcquireAsync();

        var error = await SqlClient.FailAsync(() => small.RunAsync("SELECT 1"));

        Assert.Equal(("53300", true), (error.Code, (bool?)error.Fields!["transient"]));
        Assert.Equal(
            "no connection to the database db came free within 0.05 s: all 2 are in use and 0 others wait; raise max_connections, or hold transactions and connections for less long",
            error.Message);
        await second.ReleaseAsync();
        Assert.Equal("1", await small.ValueAsync("SELECT 1"));
        await first.RollBackAsync();
    }

    [Fact]
    public async Task Pool_WhoseWaiterIsCancelled_LosesNoConnection()
    {
        await using var single = SqlClient.To(ConnectionString, maxConnections: 1);
        var kept = await single.AcquireAsync();
        using var source = new CancellationTokenSource();
        var waiting = single.RunAsync("SELECT 1", cancellation: source.Token);
        await source.CancelAsync();
        await Task.WhenAny(waiting);
        Assert.True(waiting.IsCanceled);
        await kept.ReleaseAsync();

        Assert.Equal("1", await single.ValueAsync("SELECT 1"));
    }

    [Fact]
    public async Task Server_ThatRefuses_IsNamed()
    {
        await using var nowhere = SqlClient.To(PostgresServer.ConnectionTo(1, "x"));
        var refused = await SqlClient.FailAsync(() => nowhere.RunAsync("SELECT 1"));
        Assert.Equal(("08001", true), (refused.Code, (bool?)refused.Fields!["transient"]));
        Assert.Equal("can't connect to the database db at 127.0.0.1:1: nothing listens there (connection refused)", refused.Message);

        await using var missing = SqlClient.To(PostgresServer.ConnectionTo(Shared.Server.Port, "missing"));
        var unknown = await SqlClient.FailAsync(() => missing.BeginAsync());
        Assert.Equal("3D000", unknown.Code);
        Assert.Contains("database \"missing\" does not exist", unknown.Message, StringComparison.Ordinal);
    }

    private async Task<int> ConnectionsAsync() =>
        int.Parse(
            await Client.ValueAsync("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()"),
            System.Globalization.CultureInfo.InvariantCulture);
}

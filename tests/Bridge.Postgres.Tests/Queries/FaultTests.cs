using System.Collections.Concurrent;
using System.Globalization;
using Bridge.Core.Operations;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Servers that die, networks that break.</summary>
[Collection(SharedServerCollection.Name)]
public sealed class FaultTests(SharedServer shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Server_KilledUnderLoad_LosesNoCommit_AndIsUsedAgain()
    {
        await using var server = await PostgresServer.StartAsync(SharedServer.Binaries);
        await using var client = SqlClient.To(server.ConnectionString);
        await client.RunAsync("CREATE TABLE t (id int PRIMARY KEY)");
        var committed = new ConcurrentBag<int>();
        var errors = new ConcurrentBag<OperationException>();
        var hasEnded = false;
        var workers = Enumerable.Range(0, 20).Select(worker => WorkAsync(client, worker, committed, errors, () => !hasEnded)).ToList();
        await UntilAsync(() => committed.Count > 200);

        await server.KillAsync();
        await UntilAsync(() => errors.Count >= 20);
        await server.LaunchAsync();
        var before = committed.Count;
        await UntilAsync(() => committed.Count > before + 200);
        hasEnded = true;
        await Task.WhenAll(workers).WaitAsync(Patience);

        Assert.All(errors, error => Assert.True(error.Name == "SQLError" && (bool?)error.Fields!["transient"] is true, $"{error.Code} {error.Message}"));
        var stored = (await client.RunAsync("SELECT id FROM t")).Rows.Split(['[', ']', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Empty(committed.Except(stored));
        Assert.Equal(0, client.Operations.SessionCount);
    }

    [Fact]
    public async Task Server_RestartedWhileNothingRuns_IsNotNoticed()
    {
        await using var server = await PostgresServer.StartAsync(SharedServer.Binaries);
        await using var client = SqlClient.To(server.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.RunAsync("SELECT pg_sleep(0.05)")));
        var idle = Task.Delay(TimeSpan.FromSeconds(1.1));
        await server.KillAsync();
        await server.LaunchAsync();
        await idle;

        await client.RunAsync("CREATE TABLE t (id int)");
        await (await client.BeginAsync()).CommitAsync();
    }

    [Fact]
    public async Task Network_ThatIsCut_FailsWhatRuns_AndIsUsedAgain()
    {
        using var proxy = new TcpProxy(shared.Server.Port);
        await using var client = SqlClient.To(PostgresServer.ConnectionTo(proxy.Port, "postgres"));
        var transaction = await client.BeginAsync();
        var running = SqlClient.FailAsync(() => client.RunAsync("SELECT pg_sleep(60), 'cut'"));
        await using var direct = SqlClient.To(shared.Server.ConnectionString);
        await UntilAsync(async () => await direct.ValueAsync("SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE '%''cut''%' AND pid <> pg_backend_pid()") == "1");

        proxy.Cut();

        await Task.WhenAny(running, Task.Delay(Patience));
        Assert.True(running.IsCompletedSuccessfully);
        var error = await running;
        Assert.Equal(("08006", true), (error.Code, (bool?)error.Fields!["transient"]));
        Assert.StartsWith("the connection to the database db was lost", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("08", (await SqlClient.FailAsync(() => transaction.RunAsync("SELECT 1"))).Code, StringComparison.Ordinal);
        await transaction.RollBackAsync();
        Assert.Equal("1", await client.ValueAsync("SELECT 1"));
        Assert.Equal(0, client.Operations.SessionCount);
    }

    [Fact]
    public async Task Network_ThatCarriesNothing_EndsWithTheTimeout()
    {
        using var proxy = new TcpProxy(shared.Server.Port);
        await using var client = SqlClient.To(PostgresServer.ConnectionTo(proxy.Port, "postgres"));
        Assert.Equal("1", await client.ValueAsync("SELECT 1"));
        proxy.Stop();

        var error = await SqlClient.FailAsync(() => client.RunAsync("SELECT 2", timeout: 100).WaitAsync(Patience));

        Assert.Equal(("57014", "the statement was cancelled after its timeout of 100 ms"), (error.Code, error.Message));
        proxy.Resume();
        Assert.Equal("3", await client.ValueAsync("SELECT 3"));
    }

    private static async Task WorkAsync(
        SqlClient client, int worker, ConcurrentBag<int> committed, ConcurrentBag<OperationException> errors, Func<bool> goesOn)
    {
        for (var id = worker; goesOn(); id += 20)
        {
            try
            {
                var row = SqlClient.Invariant($"[{id}]");
                if (id % 40 < 20)
                {
                    await client.RunAsync("INSERT INTO t VALUES ($1)", row);
                }
                else
                {
                    var transaction = await client.BeginAsync();
                    try
                    {
                        await transaction.RunAsync("INSERT INTO t VALUES ($1)", row);
                    }
                    catch (OperationException)
                    {
                        await transaction.RollBackAsync();
                        throw;
                    }

                    await transaction.CommitAsync();
                }

                committed.Add(id);
            }
            catch (OperationException error)
            {
                errors.Add(error);
                await Task.Delay(5);
            }
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}

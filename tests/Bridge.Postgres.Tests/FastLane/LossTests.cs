using System.Collections.Concurrent;
using Bridge.Core.Operations;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.FastLane;

/// <summary>Servers and networks that fail while statements share connections.</summary>
public sealed class LossTests(SharedServer shared) : LaneTest(shared)
{
    private const string Text = "SELECT $1::int AS n";

    [Fact]
    public async Task Server_KilledUnderLoad_IsUsedAgain_AndNothingHangs()
    {
        await using var server = await PostgresServer.StartAsync(SharedServer.Binaries);
        await using var client = SqlClient.To(server.ConnectionString);
        await WarmUpAsync(client, Text, "[1]");
        var errors = new ConcurrentBag<OperationException>();
        var right = 0;
        var hasEnded = false;
        var workers = Enumerable.Range(0, 40).Select(async worker =>
        {
            while (!hasEnded)
            {
                try
                {
                    Assert.Equal(SqlClient.Invariant($"{worker}"), (await client.RunAsync(Text, SqlClient.Invariant($"[{worker}]"))).Value);
                    Interlocked.Increment(ref right);
                }
                catch (OperationException error)
                {
                    errors.Add(error);
                    await Task.Delay(5);
                }
            }
        }).ToList();
        await UntilAsync(() => Task.FromResult(right > 500));

        await server.KillAsync();
        await UntilAsync(() => Task.FromResult(errors.Count >= 40));
        await server.LaunchAsync();
        var before = LaneOf(client).Answered;
        await UntilAsync(() => Task.FromResult(LaneOf(client).Answered > before + 500));
        hasEnded = true;
        await Task.WhenAll(workers).WaitAsync(Patience);

        Assert.All(errors, error => Assert.True(error.Name == "SQLError" && (bool?)error.Fields!["transient"] is true, $"{error.Code} {error.Message}"));
    }

    [Fact]
    public async Task Network_ThatIsCut_IsNotNoticed()
    {
        using var proxy = new TcpProxy(Shared.Server.Port);
        await using var client = SqlClient.To(ThroughProxy(proxy));
        for (var cut = 0; cut < 3; cut++)
        {
            await WarmUpAsync(client, Text, "[1]");
            proxy.Cut();
            Assert.Equal("7", (await client.RunAsync(Text, "[7]").WaitAsync(Patience)).Value);
        }

        await WarmUpAsync(client, Text, "[1]");
    }

    [Fact]
    public async Task Network_ThatCarriesNothing_EndsWithTheTimeout_AndIsUsedAgain()
    {
        using var proxy = new TcpProxy(Shared.Server.Port);
        await using var client = SqlClient.To(ThroughProxy(proxy));
        await WarmUpAsync(client, Text, "[1]");
        proxy.Stop();

        var error = await SqlClient.FailAsync(() => client.RunAsync(Text, "[2]", timeout: 100).WaitAsync(Patience));

        Assert.Equal(("57014", "the statement was cancelled after its timeout of 100 ms"), (error.Code, error.Message));
        proxy.Resume();
        await WarmUpAsync(client, Text, "[3]");
    }

    [Fact]
    public async Task Operations_ThatAreDisposed_GiveUpWhatIsUnderWay()
    {
        var client = SqlClient.To(ConnectionString);
        await WarmUpAsync(client, "SELECT 1, pg_sleep($1::float8)::text", "[0]");
        var running = client.RunAsync("SELECT 1, pg_sleep($1::float8)::text", "[60]");

        await client.DisposeAsync().AsTask().WaitAsync(Patience);

        await Task.WhenAny(running, Task.Delay(Patience));
        Assert.True(running.IsFaulted);
    }

    private string ThroughProxy(TcpProxy proxy) =>
        ConnectionString.Replace($"Port={Shared.Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal);
}

using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Queries;

/// <summary>Notifications.</summary>
public sealed class ListenTests(SharedServer shared) : DatabaseTest(shared)
{
    [Fact]
    public async Task Notifications_ReachTheirChannelsListeners_InOrder()
    {
        var (first, second, other) = (await ListenAsync("Events"), await ListenAsync("Events"), await ListenAsync("a\"b"));
        var waiting = NextAsync(first);
        Assert.False(waiting.IsCompleted);
        await Client.RunAsync("SELECT pg_notify('Events', i::text) FROM generate_series(1, 3) i");
        await Client.RunAsync("NOTIFY events");
        await Client.RunAsync("SELECT pg_notify('a\"b', '')");

        await Task.WhenAny(waiting);
        Assert.Equal("Events 1 True,Events 2 True,Events 3 True", await CollectAsync(first, 3, await waiting));
        Assert.Equal("Events 1 True,Events 2 True,Events 3 True", await CollectAsync(second, 3));
        Assert.Equal("a\"b  True", await CollectAsync(other, 1));
    }

    [Fact]
    public async Task Listener_ThatIsClosed_EndsItsWait()
    {
        var listener = await ListenAsync("x");
        var waiting = SqlClient.FailAsync(() => NextAsync(listener));
        await Client.AskAsync("sql.unlisten", $"[{listener}]");

        await Task.WhenAny(waiting);
        Assert.Equal("25P01", (await waiting).Code);
        Assert.Equal("25P01", (await SqlClient.FailAsync(() => NextAsync(listener))).Code);
        await Client.AskAsync("sql.unlisten", $"[{listener}]");
    }

    [Fact]
    public async Task Connection_ThatIsLost_IsMadeAnew_AndTheListenerToldOfIt()
    {
        var listener = await ListenAsync("x");
        await Client.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");

        Assert.Equal("null", await CollectAsync(listener, 1));
        await Client.RunAsync("NOTIFY x, 'after'");
        Assert.Equal("x after True", await CollectAsync(listener, 1));
    }

    private async Task<int> ListenAsync(string channel) =>
        (await Client.AskAsync("sql.listen", $"[\"db\",{SqlClient.Quote(channel)}]")).Value.GetInt32();

    private async Task<string[]> NextAsync(int listener) =>
    [
        .. (await Client.AskAsync("sql.next", $"[{listener}]")).Value.EnumerateArray().Select(entry =>
            entry.ValueKind == System.Text.Json.JsonValueKind.Null ? "null" : $"{entry[0].GetString()} {entry[1].GetString()} {entry[2].GetInt32() > 0}"),
    ];

    private async Task<string> CollectAsync(int listener, int count, params string[] received)
    {
        List<string> all = [.. received];
        while (all.Count < count)
        {
            all.AddRange(await NextAsync(listener));
        }

        return string.Join(',', all);
    }
}

using System.Globalization;
using Bridge.Postgres.Embedded;
using Npgsql;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>Whatever is killed, nothing that was committed is lost and no process stays behind.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly ServerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_Killed_ComesBackOnItsPortWithItsData(bool debian)
    {
        await using var server = debian ? await _sandbox.StartAsync(ServerSandbox.Debian) : await _sandbox.StartAsync();
        await ServerSandbox.ScalarAsync(server, "create table kept (n int)");
        await ServerSandbox.ScalarAsync(server, "insert into kept values (7)");

        for (var times = 0; times < 2; times++)
        {
            var killed = ServerSandbox.ProcessOf(server);
            ServerSandbox.Kill(killed);
            await ServerSandbox.UntilAsync(async () => ServerSandbox.ProcessOf(server) != killed && await AnswersAsync(server));

            Assert.Equal(7, await ServerSandbox.ScalarAsync(server, "select n from kept"));
        }
    }

    [Fact]
    public async Task Supervisor_Killed_TakesTheServerWithIt()
    {
        await using var server = await _sandbox.StartAsync();
        var process = ServerSandbox.ProcessOf(server);

        ServerSandbox.Kill(ParentOf(process));
        await ServerSandbox.UntilGoneAsync(server);

        await using var next = await _sandbox.StartAsync();
        Assert.False(next.HasJoined);
        Assert.Equal(1, await ServerSandbox.ScalarAsync(next, "select 1"));
    }

    [Fact]
    public async Task ServerAndSupervisor_Killed_RecoverAtTheNextStart()
    {
        await using var server = await _sandbox.StartAsync();
        await ServerSandbox.ScalarAsync(server, "create table kept (n int); insert into kept values (7)");
        var process = ServerSandbox.ProcessOf(server);

        ServerSandbox.Kill(ParentOf(process));
        ServerSandbox.Kill(process);

        await using var next = await _sandbox.StartAsync();
        Assert.Equal(7, await ServerSandbox.ScalarAsync(next, "select n from kept"));
    }

    // As after a restart of a machine or container: the number in postmaster.pid is some other process's now.
    [Fact]
    public async Task PidFile_OfAnotherProcess_DoesntKeepTheServerFromStarting()
    {
        string file;
        await using (var server = await _sandbox.StartAsync())
        {
            file = Path.Combine(server.Folder, "data", "postmaster.pid");
            ServerSandbox.Kill(ParentOf(ServerSandbox.ProcessOf(server)));
            await ServerSandbox.UntilGoneAsync(server);
        }

        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{Path.GetDirectoryName(file)}\n1\n5432\n\n127.0.0.1\n 1 1\nready   \n"));
        await using var again = await _sandbox.StartAsync();

        Assert.Equal(1, await ServerSandbox.ScalarAsync(again, "select 1"));
    }

    private static int ParentOf(int process)
    {
        // /proc/<pid>/stat: pid (name) state ppid …
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static async Task<bool> AnswersAsync(EmbeddedPostgres server)
    {
        try
        {
            return await ServerSandbox.ScalarAsync(server, "select 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Bridge.Postgres.Embedded;

/// <summary>One process's way to a server that answers: it joins one or starts one. Thread: only the holder of the start lock.</summary>
internal sealed class ServerStart(ServerFolder folder, EmbeddedPostgresOptions options, string password)
{
    private const int PortTries = 5;
    private const long LargestLog = 4 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>Whether there was a server to join.</summary>
    public bool HasJoined { get; private set; }

    /// <summary>Joins or starts.</summary>
    /// <returns>The server's port.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        while (folder.IsServerAlive())
        {
            // It may be starting again after a crash, or about to end because the supervisor was killed.
            if (folder.ReadPort() is { } port && await AnswersAsync(port, cancellation))
            {
                HasJoined = true;
                return port;
            }

            await WaitAsync("it runs, but doesn't answer", cancellation);
        }

        var account = ServerAccount.OwnerOf(folder.Data);
        var programs = ProgramSearch.Find(options, account, folder.DataMajor);
        DataFolder.Ensure(folder, programs, account, options);
        for (var tries = 1; ; tries++)
        {
            var port = folder.ReadPort() is { } last && IsFree(last) ? last : FreePort();
            if (await StartAsync(programs, account, port, cancellation) is not { } failure)
            {
                return port;
            }

            // Between looking for a free port and taking it, somebody else may take it.
            if (tries == PortTries || IsFree(port))
            {
                throw new EmbeddedPostgresException($"PostgreSQL doesn't start: {failure}", $"its log is {folder.Log}");
            }
        }
    }

    /// <returns>Null once the server answers; what it said last if it ended.</returns>
    private async Task<string?> StartAsync(PostgresPrograms programs, ServerAccount account, int port, CancellationToken cancellation)
    {
        if (folder.Sockets is { } sockets && !Directory.Exists(sockets))
        {
            ServerFolder.MakePrivate(sockets, account);
        }

        if (new FileInfo(folder.Log) is { Exists: true, Length: > LargestLog })
        {
            File.Move(folder.Log, folder.Log + ".1", overwrite: true);
        }

        folder.WritePort(port);
        var server = account.Command(
            [
                programs.Server, "-D", folder.Data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
                "-c", $"unix_socket_directories={folder.Sockets}", "-c", "log_checkpoints=off",
                .. options.IsDurable ? Array.Empty<string>() : ["-c", "fsync=off"],
            ],
            endSignal: "INT");
        using var supervisor = ServerCommand.Start(
            ["setsid", "sh", "-c", SupervisorScript.Text, "encore-host-postgres", folder.UsersLock, folder.AliveLock, folder.Data, folder.Log, .. server],
            redirect: false);
        while (!await AnswersAsync(port, cancellation))
        {
            if (supervisor.HasExited)
            {
                return LastWords();
            }

            await WaitAsync("it was started, but doesn't answer", cancellation);
        }

        return null;
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        if (!SaysReady(port))
        {
            return false;
        }

        var target = new NpgsqlConnectionStringBuilder
        {
            Host = folder.Sockets ?? IPAddress.Loopback.ToString(),
            Port = port,
            Username = EmbeddedPostgres.User,
            Password = password,
            Database = "postgres",
            Pooling = false,
        };
        try
        {
            await using var connection = new NpgsqlConnection(target.ConnectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new EmbeddedPostgresException(
                $"The server doesn't take the password in {folder.Root}.", "restore the file named password there, or start anew with `encore-host db reset`", error);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // postmaster.pid: process, data folder, start time, port, socket folder, address, shared memory, state.
    private bool SaysReady(int port)
    {
        const int PortLine = 3;
        const int StateLine = 7;
        try
        {
            var lines = File.ReadAllLines(Path.Combine(folder.Data, "postmaster.pid"));
            return lines.Length > StateLine && lines[PortLine] == port.ToString(CultureInfo.InvariantCulture) && lines[StateLine].Trim() == "ready";
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private async Task WaitAsync(string state, CancellationToken cancellation)
    {
        if (Stopwatch.GetElapsedTime(_begin) > Patience)
        {
            throw new EmbeddedPostgresException($"PostgreSQL can't be reached: {state} ({LastWords()}).", $"its log is {folder.Log}");
        }

        await Task.Delay(Pause, cancellation);
    }

    private string LastWords()
    {
        var lines = File.Exists(folder.Log) ? File.ReadLines(folder.Log).TakeLast(20).ToArray() : [];
        return (Array.FindLast(lines, line => line.Contains("FATAL:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "it said nothing").Trim();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

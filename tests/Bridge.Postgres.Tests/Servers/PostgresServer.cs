using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Bridge.Postgres.Tests.Servers;

/// <summary>A PostgreSQL server in a temporary folder, on a free port of the loopback address.</summary>
/// <remarks>PostgreSQL refuses to run as root: there it runs as nobody, who owns its folder.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly bool IsRoot = Environment.UserName == "root";

    private readonly string _binaries;
    private readonly string _folder;
    private Process? _process;

    private PostgresServer(string binaries, string folder, int port)
    {
        _binaries = binaries;
        _folder = folder;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => ConnectionTo(Port, "postgres");

    public static string ConnectionTo(int port, string database) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};SSL Mode=Disable";

    public static async Task<PostgresServer> StartAsync(string binaries)
    {
        var folder = Directory.CreateTempSubdirectory("encore-postgres-").FullName;
        if (IsRoot)
        {
            await RunAsync("chown", "nobody", folder);
        }

        var server = new PostgresServer(binaries, folder, FreePort());
        await server.RunAsOwnerAsync(
            "initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts the server; it must not be running.</summary>
    public async Task LaunchAsync()
    {
        _process = Process.Start(Describe(
            Path.Combine(_binaries, "postgres"),
            ["-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", _folder, "-c", "max_connections=120", "-c", "shared_buffers=64MB", "-c", "fsync=off"]))!;
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        await WaitUntilReadyAsync();
    }

    /// <summary>Ends the server and its sessions at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        var process = _process!;
        using var found = Process.Start(new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var children = (await found.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.Kill();
        await process.WaitForExitAsync();
        foreach (var child in children)
        {
            await EndAsync(int.Parse(child, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Makes an empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(Port, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task EndAsync(int id)
    {
        try
        {
            using var child = Process.GetProcessById(id);
            child.Kill();
            await child.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It ended by itself.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task RunAsOwnerAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Describe(Path.Combine(_binaries, program), arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
    }

    private ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        if (IsRoot)
        {
            start.UserName = "nobody";
        }

        return start;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync(deadline.Token);
                return;
            }
            catch (NpgsqlException) when (!_process!.HasExited)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }
}

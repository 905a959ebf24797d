using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bridge.Redis;

namespace Bridge.PubSub.Tests.Redis;

/// <summary>Debian's redis-server in a temporary folder, on a free port of the loopback address, that writes everything to disk at once.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("encore-redis-").FullName;
    private readonly string[] _settings;
    private Process? _process;

    private RedisServer(string[] settings) => _settings = settings;

    public int Port { get; } = FreePort();

    public RedisBrokerOptions Options => new() { Host = "127.0.0.1", Port = Port, Durability = RedisDurability.Always, PollInterval = TimeSpan.FromSeconds(1) };

    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Assert.True(File.Exists(Program), "Debian's redis-server isn't installed: .ci/debian-packages.sh redis-server");
        var server = new RedisServer(settings.Length > 0 ? settings : ["--appendonly", "yes", "--appendfsync", "always"]);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts the server; it must not be running.</summary>
    public async Task LaunchAsync()
    {
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, "--save", "", "--daemonize", "no", .. _settings,
        ];
        _process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        await Contract.Patience.UntilAsync(IsReadyAsync, () => $"redis-server answers; it has {(_process.HasExited ? "ended" : "not ended")}");
    }

    /// <summary>Ends the server at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[32];
            var read = await stream.ReadAsync(answer);

            // One that wants a password is ready too; one that still loads its data isn't.
            return read > 0 && (answer.AsSpan(0, read).StartsWith("+PONG"u8) || answer.AsSpan(0, read).StartsWith("-NOAUTH"u8));
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

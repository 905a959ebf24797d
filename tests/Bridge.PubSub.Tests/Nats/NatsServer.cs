using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bridge.Core.PubSub;
using Bridge.Nats;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>Debian's nats-server with JetStream, in a temporary folder, on a free port of the loopback address.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nats-server";

    private readonly string _configuration;
    private Process? _process;

    private NatsServer(string configuration)
    {
        _configuration = configuration;
        Folder = Directory.CreateTempSubdirectory("encore-nats-").FullName;
    }

    /// <summary>Where it keeps its files.</summary>
    public string Folder { get; }

    public int Port { get; } = FreePort();

    public NatsBrokerOptions Options => new() { Servers = $"nats://127.0.0.1:{Port}", ReconnectPatience = TimeSpan.FromSeconds(20) };

    /// <summary>Starts a server.</summary>
    /// <param name="configuration">What its configuration says beside its port and folder.</param>
    /// <param name="prepare">Puts files into its folder first.</param>
    public static async Task<NatsServer> StartAsync(string configuration = "", Action<string>? prepare = null)
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException("Debian's nats-server isn't installed: .ci/debian-packages.sh nats-server");
        }

        var server = new NatsServer(configuration);
        prepare?.Invoke(server.Folder);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts it; it must not be running.</summary>
    public async Task LaunchAsync()
    {
        var file = Path.Combine(Folder, "server.conf");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $$"""
            listen: "127.0.0.1:{{Port}}"
            jetstream { store_dir: "{{Path.Combine(Folder, "store")}}" }
            {{_configuration.Replace("FOLDER", Folder, StringComparison.Ordinal)}}
            """));
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var log = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(20, deadline.Token);
            }
            catch (SocketException error)
            {
                throw new InvalidOperationException(await log, error);
            }
        }
    }

    /// <summary>Ends it at once, as a crash does.</summary>
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

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A topic with subscriptions.</summary>
    public static BrokerTopic Topic(string name, params string[] subscriptions) => new()
    {
        Name = name,
        Address = name,
        Subscriptions = [.. subscriptions.Select(subscription => new BrokerSubscription { Topic = name, Name = subscription, Address = subscription })],
    };

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>One server for the tests that don't end it.</summary>
public sealed class SharedNatsServer : IAsyncLifetime
{
    private NatsServer? _server;

    public NatsServer Server => _server!;

    public async Task InitializeAsync() => _server = await NatsServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class NatsCollection : ICollectionFixture<SharedNatsServer>
{
    public const string Name = "nats";
}

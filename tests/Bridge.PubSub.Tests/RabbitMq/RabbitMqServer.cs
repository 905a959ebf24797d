using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>Debian's rabbitmq-server with a name, ports, a cookie and a folder of its own, all on the loopback address.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string ControlProgram = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    private readonly string _folder = Directory.CreateTempSubdirectory("encore-rabbitmq-").FullName;
    private readonly int _distributionPort = FreePort();
    private readonly int _namesPort = FreePort();
    private Process? _names;
    private Process? _server;

    public int Port { get; } = FreePort();

    /// <summary>Where it speaks TLS, and asks for a certificate of <see cref="Certificates"/>' authority.</summary>
    public int TlsPort { get; } = FreePort();

    public RabbitMqCertificates Certificates { get; } = new();

    /// <summary>How to reach it. New queues don't rest: only a test that kills the server needs that.</summary>
    public RabbitMqBrokerOptions Options => new() { Servers = $"amqp://127.0.0.1:{Port}", ReconnectPatience = TimeSpan.FromSeconds(45), NewQueueRest = TimeSpan.Zero };

    /// <summary>The plugins that it runs with, as it reads them.</summary>
    public string Plugins { get; init; } = "[].";

    /// <summary>Starts one.</summary>
    /// <param name="plugins">The plugins that it runs with, as it reads them.</param>
    public static async Task<RabbitMqServer> StartAsync(string plugins = "[].")
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException("Debian's rabbitmq-server isn't installed: .ci/debian-packages.sh rabbitmq-server");
        }

        var server = new RabbitMqServer { Plugins = plugins };
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts it; it must not be running.</summary>
    public async Task LaunchAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "plugins"), Plugins);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), Certificates.Authority);
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.pem"), Certificates.Server.Certificate);
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.key"), Certificates.Server.Key);
        var config = $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {_folder}/ca.pem
            ssl_options.certfile = {_folder}/server.pem
            ssl_options.keyfile = {_folder}/server.key
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = true

            """;
        await File.WriteAllTextAsync(Path.Combine(_folder, "rabbit.conf"), config);

        // As a child of this process: the one that a node starts by itself outlives it.
        _names ??= Run("epmd", "-port", _namesPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1");
        _server = Run(Program);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
                return;
            }
            catch (SocketException) when (!_server.HasExited)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    /// <summary>Has its control program do something.</summary>
    public async Task ControlAsync(params string[] arguments)
    {
        using var control = Run(ControlProgram, arguments);
        await control.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, control.ExitCode);
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public Task KillAsync()
    {
        var server = _server!;
        _server = null;
        return EndAsync(server);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        if (_names is { } names)
        {
            await EndAsync(names);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _folder };
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", _folder),
            ("RABBITMQ_NODENAME", string.Create(CultureInfo.InvariantCulture, $"encore-{Port}@localhost")),
            ("RABBITMQ_NODE_PORT", Port.ToString(CultureInfo.InvariantCulture)),
            ("RABBITMQ_DIST_PORT", _distributionPort.ToString(CultureInfo.InvariantCulture)),
            ("RABBITMQ_MNESIA_BASE", Path.Combine(_folder, "data")),
            ("RABBITMQ_LOG_BASE", Path.Combine(_folder, "log")),
            ("RABBITMQ_LOGS", "-"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(_folder, "plugins")),
            ("RABBITMQ_CONFIG_FILE", Path.Combine(_folder, "rabbit.conf")),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("ERL_EPMD_PORT", _namesPort.ToString(CultureInfo.InvariantCulture)),
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}

/// <summary>One server for many tests: it takes long to start.</summary>
public sealed class SharedRabbitMqServer : IAsyncLifetime
{
    private RabbitMqServer? _server;

    public RabbitMqServer Server => _server!;

    public async Task InitializeAsync() => _server = await RabbitMqServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>The tests that every broker has to pass; beside the others, each with a server.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitMqContractCollection : ICollectionFixture<SharedRabbitMqServer>
{
    public const string Name = "rabbitmq contract";
}

/// <summary>The tests that only this broker has.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitMqCollection : ICollectionFixture<SharedRabbitMqServer>
{
    public const string Name = "rabbitmq";
}

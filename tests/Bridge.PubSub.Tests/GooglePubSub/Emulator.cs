using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bridge.GooglePubSub;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Google's own emulator, a process of its own on a free port of the loopback address. What it holds is in its memory.</summary>
public sealed class Emulator : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("encore-pubsub-").FullName;
    private Process? _process;

    /// <summary>Its port.</summary>
    public int Port { get; } = FreePort();

    /// <summary>How it is reached.</summary>
    public GooglePubSubOptions Options => new() { ProjectId = "tests", EmulatorHost = $"127.0.0.1:{Port}" };

    public async Task InitializeAsync()
    {
        _process = Process.Start(new ProcessStartInfo("java", ["-Xmx256m", "-XX:+UseSerialGC", "-jar", FindJar(), "--host=127.0.0.1", $"--port={Port}"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        var errors = _process.StandardError.ReadToEndAsync();
        await Patience.UntilAsync(AnswersAsync, () => _process.HasExited ? errors.Result : "the emulator doesn't answer");
    }

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Looks beside the gcloud program, whose component the emulator is.</summary>
    private static string FindJar()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            if (new FileInfo(Path.Combine(folder, "gcloud")) is { Exists: true } gcloud)
            {
                var program = gcloud.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? gcloud.FullName;
                var library = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program))!, "platform/pubsub-emulator/lib");
                if (Directory.Exists(library) && Directory.GetFiles(library, "cloud-pubsub-emulator-*-all.jar") is [var jar, ..])
                {
                    return jar;
                }
            }
        }

        throw new InvalidOperationException("There is no Pub/Sub emulator: install google-cloud-cli-pubsub-emulator and a Java runtime.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

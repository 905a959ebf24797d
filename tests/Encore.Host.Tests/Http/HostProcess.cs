using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Google.Protobuf;

namespace Encore.Host.Tests.Http;

/// <summary>The program itself, serving the test application on a free port: what signals do needs a process to lose.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private HostProcess(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public IPEndPoint Address { get; private set; } = new(IPAddress.None, 0);

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static async Task<HostProcess> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("encore-host-test-");
        Write(TestApplication.Create(), folder);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "encore-host"), ["run", folder.FullName, "--port", "0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var host = new HostProcess(folder, Process.Start(start) ?? throw new InvalidOperationException("The program didn't start."));
        await host.ReadAddressAsync();
        return host;
    }

    /// <summary>Sends a request whose handler waits for another, and waits until that handler runs.</summary>
    public async Task<RawConnection> HoldAsync()
    {
        var connection = await RawConnection.OpenAsync(Address);
        await connection.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
        using var patience = new CancellationTokenSource(Patience);
        while (!Log.Contains("\"endpoint\":\"hold\"", StringComparison.Ordinal))
        {
            await Task.Delay(5, patience.Token);
        }

        return connection;
    }

    /// <summary>Whether a file's code or data is in the process's memory.</summary>
    public bool HasLoaded(string file) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/maps")).Any(line => line.EndsWith("/" + file, StringComparison.Ordinal));

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadAddressAsync()
    {
        const string Mark = "http://";
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                Address = IPEndPoint.Parse(line[(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split(' ')[0]);
                return;
            }
        }

        throw new InvalidOperationException("The program ended before it listened: " + Log);
    }

    private static void Write(LoadedApplication application, DirectoryInfo folder)
    {
        var bundle = Encoding.UTF8.GetBytes(application.BundleText);
        application.Schema.Build = new Build { BundleSha256 = ByteString.CopyFrom(SHA256.HashData(bundle)) };
        File.WriteAllBytes(Path.Combine(folder.FullName, ArtifactFiles.Bundle), bundle);
        File.WriteAllBytes(Path.Combine(folder.FullName, ArtifactFiles.Schema), application.Schema.ToByteArray());
    }
}

using System.Diagnostics;
using Bridge.Sqs;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>SNS and SQS in memory, a process of its own.</summary>
public sealed class AwsServer : IAsyncLifetime
{
    private Process? _process;

    /// <summary>Where both services are.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>How it is reached, with polls short enough to be waited for.</summary>
    public SqsBrokerOptions Options => new()
    {
        Region = "eu-west-1",
        Endpoint = Address,
        AccessKeyId = "key",
        SecretAccessKey = "secret",
        LongPoll = TimeSpan.FromSeconds(1),
    };

    public async Task InitializeAsync()
    {
        _process = Process.Start(new ProcessStartInfo("node", ["Sqs/server.mjs"])
        {
            WorkingDirectory = Repository.TestFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Address = new Uri(line ?? throw new InvalidOperationException("Sqs/server.mjs ended without an address: has npm ci been run?"));
    }

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            process.Dispose();
        }
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bridge.Differential.Tests;

/// <summary>Ajv in a Node process of its own, asked line by line.</summary>
internal sealed class AjvProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process.</summary>
    public AjvProcess([CallerFilePath] string caller = "")
    {
        var folder = Path.GetDirectoryName(caller) ?? ".";
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [Path.Combine(folder, "ajv.mjs")])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };

        // What a test runner of Node's sets is not for this one.
        _process.StartInfo.Environment.Remove("NODE_OPTIONS");
        _process.Start();
    }

    /// <summary>Sends a schema with values; <see cref="ReadAsync"/> gets the verdicts, in the order of what was sent.</summary>
    public async Task SendAsync(string schema, IEnumerable<string> values)
    {
        await _process.StandardInput.WriteLineAsync($"{{\"schema\":{schema},\"values\":[{string.Join(',', values)}]}}");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The verdicts on a schema's values: 1 for valid, 0 for not.</summary>
    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("Ajv's process ended: `npm ci` in the repository's root installs what it needs.");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Text;

namespace Encore.Cli.Tests.Support;

/// <summary>What a finished program said.</summary>
public sealed record CliResult(int ExitCode, string Output, string Error);

/// <summary>The real program, started as a user starts it.</summary>
public sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CliProcess(string folder, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "encore-host"), arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in (string[])["PORT", "ENCORE_LISTEN_ADDR", "NODE_ENV", "NO_COLOR", "FORCE_COLOR", "ENCORE_LOG", "ENCORE_NOLOG", "ENCORE_LOG_FORMAT"])
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Receive(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts the program and waits for its end.</summary>
    public static Task<CliResult> RunAsync(TemporaryFolder folder, params string[] arguments) => RunAsync(folder, environment: null, arguments);

    /// <summary>The same with environment variables.</summary>
    public static async Task<CliResult> RunAsync(TemporaryFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var process = new CliProcess(folder.Root, environment, arguments);
        return await process.EndAsync();
    }

    /// <summary>Starts the program and lets it run.</summary>
    public static CliProcess Start(TemporaryFolder folder, params string[] arguments) => new(folder.Root, environment: null, arguments);

    /// <summary>The same with environment variables.</summary>
    public static CliProcess Start(TemporaryFolder folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(folder.Root, environment, arguments);

    /// <summary>The address in the banner, once the program serves.</summary>
    public async Task<Uri> AddressAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_listening.Task, ended).WaitAsync(Patience) == ended && !_listening.Task.IsCompleted)
        {
            throw new InvalidOperationException($"The program ended with {_process.ExitCode}.\n{_output}\n{_error}");
        }

        return new Uri(await _listening.Task);
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.Dispose();

    /// <summary>Waits for the end.</summary>
    public async Task<CliResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        lock (_output)
        {
            lock (_error)
            {
                return new CliResult(_process.ExitCode, _output.ToString(), _error.ToString());
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Receive(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }

        var at = line.IndexOf("http://", StringComparison.Ordinal);
        if (at >= 0 && ReferenceEquals(text, _output))
        {
            _listening.TrySetResult(line[at..].Split(' ', '\e')[0]);
        }
    }
}

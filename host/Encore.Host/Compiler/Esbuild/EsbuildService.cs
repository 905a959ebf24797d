using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Encore.Host.Compiler.Esbuild;

/// <summary>
/// A running esbuild that takes requests over its standard input: messages and outputs come back structured, and its questions
/// ("where is this import?") reach us while it works.
/// </summary>
/// <remarks>Thread: one call at a time. The process ends with <see cref="Dispose"/>.</remarks>
internal sealed class EsbuildService : IDisposable
{
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly StringBuilder _complaints = new();
    private int _nextId;

    private EsbuildService(Process process)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_complaints)
            {
                _complaints.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Starts the executable and exchanges versions.</summary>
    /// <exception cref="HostFilesException">It doesn't start, or is of another version.</exception>
    public static async Task<EsbuildService> StartAsync(string program, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, [$"--service={EsbuildProgram.Version}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new UnreachableException();
        }
        catch (Win32Exception error)
        {
            throw new HostFilesException($"The bundler {program} can't be started: {error.Message}", "install it again", error);
        }

        var service = new EsbuildService(process);
        try
        {
            var version = Encoding.UTF8.GetString(await service.ReadFrameAsync(cancellation));
            return version == EsbuildProgram.Version ? service : throw WrongVersion(program, version);
        }
        catch (EndOfStreamException error)
        {
            service.Dispose();
            throw WrongVersion(program, "another version", error);
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request, answers the questions that come meanwhile, and returns the answer.</summary>
    /// <param name="request">The request's members, "command" among them.</param>
    /// <param name="answer">Answers a question of esbuild's; gets the question's members, with its "command".</param>
    /// <param name="cancellation">Ends the wait, and with it the service's usefulness: dispose it then.</param>
    /// <exception cref="HostFilesException">esbuild ended or refused the request.</exception>
    public async Task<Dictionary<string, object?>> RequestAsync(
        IReadOnlyDictionary<string, object?> request,
        Func<Dictionary<string, object?>, IReadOnlyDictionary<string, object?>> answer,
        CancellationToken cancellation)
    {
        var id = _nextId++;
        try
        {
            await SendAsync(new EsbuildPacket(id, IsRequest: true, request), cancellation);
            while (true)
            {
                var packet = EsbuildPacket.Decode(await ReadFrameAsync(cancellation));
                var members = packet.Value as Dictionary<string, object?> ?? [];
                if (packet.IsRequest)
                {
                    await SendAsync(new EsbuildPacket(packet.Id, IsRequest: false, answer(members)), cancellation);
                }
                else if (packet.Id == id)
                {
                    return members.TryGetValue("error", out var refusal)
                        ? throw new HostFilesException($"The bundler refused the request: {refusal}", "report this as a bug of encore-host")
                        : members;
                }
            }
        }
        catch (IOException error)
        {
            throw new HostFilesException($"The bundler ended unexpectedly. {Complaints()}".TrimEnd(), "try again", error);
        }
    }

    /// <summary>Ends the process: esbuild leaves when its input closes.</summary>
    public void Dispose()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // Justification: the process is gone already, which is what is wanted.
        }

        if (!_process.WaitForExit(TimeSpan.FromMilliseconds(200)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static HostFilesException WrongVersion(string program, string version, Exception? inner = null) =>
        new($"The bundler {program} is {version}; encore-host needs {EsbuildProgram.Version}.", $"correct or unset {EsbuildProgram.PathVariable}", inner);

    private string Complaints()
    {
        lock (_complaints)
        {
            return _complaints.ToString().Trim();
        }
    }

    private async Task SendAsync(EsbuildPacket packet, CancellationToken cancellation)
    {
        await _input.WriteAsync(packet.Encode(), cancellation);
        await _input.FlushAsync(cancellation);
    }

    private async Task<byte[]> ReadFrameAsync(CancellationToken cancellation)
    {
        var length = new byte[sizeof(int)];
        await _output.ReadExactlyAsync(length, cancellation);
        var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await _output.ReadExactlyAsync(frame, cancellation);
        return frame;
    }
}

using System.Buffers;
using System.IO.Pipelines;

namespace Encore.Host.Transport;

/// <summary>The two pipes of a connection, from both sides.</summary>
/// <param name="Server">What the server reads requests from and writes answers to.</param>
/// <param name="Socket">The other ends: what the socket sends is its input, what it receives its output.</param>
internal readonly record struct DuplexPipePair(IDuplexPipe Server, IDuplexPipe Socket)
{
    /// <summary>Creates the pipes.</summary>
    /// <param name="socket">Where the socket's ends run. The server's run where the other end put them: on the same thread.</param>
    /// <param name="pool">Where blocks come from.</param>
    /// <param name="inputPause">Bytes that the server may leave unread before nothing more is received.</param>
    /// <param name="outputPause">Bytes that may be unsent before the server's flushes wait.</param>
    internal static DuplexPipePair Create(PipeScheduler socket, MemoryPool<byte> pool, int inputPause, int outputPause)
    {
        var input = new Pipe(new PipeOptions(
            pool, readerScheduler: PipeScheduler.Inline, writerScheduler: socket, inputPause, inputPause / 2, useSynchronizationContext: false));
        var output = new Pipe(new PipeOptions(
            pool, readerScheduler: socket, writerScheduler: PipeScheduler.Inline, outputPause, outputPause / 2, useSynchronizationContext: false));
        return new DuplexPipePair(new Ends(input.Reader, output.Writer), new Ends(output.Reader, input.Writer));
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

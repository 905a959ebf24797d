using System.Buffers;
using System.IO.Pipelines;

namespace Encore.Host.Transport;

/// <summary>The two pipes of a connection, from both sides.</summary>
/// <param name="Server">What the server reads requests from and writes answers to.</param>
/// <param name="Received">What the socket receives goes here.</param>
/// <param name="Unsent">What the socket is to send comes from here.</param>
internal readonly record struct DuplexPipePair(IDuplexPipe Server, PipeWriter Received, PipeReader Unsent);

/// <summary>Makes the pipes of a loop's connections.</summary>
/// <param name="socket">Where the socket's ends run. The server's run where the other end put them: on the same thread.</param>
/// <param name="pool">Where blocks come from.</param>
/// <param name="inputPause">Bytes that the server may leave unread before nothing more is received.</param>
/// <param name="outputPause">Bytes that may be unsent before the server's flushes wait.</param>
internal sealed class DuplexPipes(PipeScheduler socket, MemoryPool<byte> pool, int inputPause, int outputPause)
{
    private readonly PipeOptions _input = new(
        pool, readerScheduler: PipeScheduler.Inline, writerScheduler: socket, inputPause, inputPause / 2, useSynchronizationContext: false);

    private readonly PipeOptions _output = new(
        pool, readerScheduler: socket, writerScheduler: PipeScheduler.Inline, outputPause, outputPause / 2, useSynchronizationContext: false);

    /// <summary>Creates those of a connection.</summary>
    internal DuplexPipePair Create()
    {
        var input = new Pipe(_input);
        var output = new Pipe(_output);
        return new DuplexPipePair(new ServerEnds(input.Reader, output.Writer), input.Writer, output.Reader);
    }

    private sealed record ServerEnds(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

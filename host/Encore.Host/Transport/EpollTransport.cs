using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Encore.Host.Transport;

/// <summary>
/// The server's sockets on Linux: loops of our own in the place of .NET's socket threads and thread pool, so that a request is read, decoded,
/// answered and sent by one thread, and the isolate's answers come back to it in batches.
/// </summary>
internal sealed class EpollTransport(int backlog) : IConnectionListenerFactory, IDisposable
{
    // One processor is the isolate's; a second loop on a machine with two made every request a seventh dearer. The isolate takes a fifth to
    // an eighth of the time that a loop spends on a request, so beyond these it couldn't follow.
    private const int MostLoops = 8;

    private readonly EpollLoop[] _loops = CreateLoops();

    /// <summary>Whether this system has what the transport needs.</summary>
    internal static bool IsSupported => OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(backlog);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(error.Message, error);
        }

        return new(new EpollListener(socket, _loops));
    }

    /// <summary>Ends the loops; connections that still exist are left to the process's end.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.End();
        }
    }

    private static EpollLoop[] CreateLoops()
    {
        var pool = new BlockPool();
        return [.. Enumerable.Range(1, Math.Clamp(Environment.ProcessorCount - 1, 1, MostLoops)).Select(number => new EpollLoop(number, pool))];
    }
}

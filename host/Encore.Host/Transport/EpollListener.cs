using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Encore.Host.Transport;

/// <summary>Accepts connections and deals them to the loops in turn.</summary>
internal sealed class EpollListener(Socket socket, IReadOnlyList<EpollLoop> loops) : IConnectionListener
{
    private static readonly TimeSpan DescriptorPatience = TimeSpan.FromMilliseconds(50);

    private uint _accepted;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!; // Justification: it is bound.

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return EpollConnection.Start(loops[(int)(_accepted++ % loops.Count)], accepted);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                // The process has all the descriptors it may have: those who wait in the backlog come in as others leave.
                await Task.Delay(DescriptorPatience, cancellationToken);
            }
            catch (SocketException)
            {
                // The client left between its connecting and our accepting.
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }
}

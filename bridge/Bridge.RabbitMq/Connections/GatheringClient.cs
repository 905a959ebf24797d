using System.Net.Sockets;
using RabbitMQ.Client;

namespace Bridge.RabbitMq.Connections;

/// <summary>A connection as the client makes it, but for its stream.</summary>
/// <param name="socket">The connection.</param>
internal sealed class GatheringClient(Socket socket) : TcpClientAdapter(socket)
{
    /// <summary>One that isn't connected yet.</summary>
#pragma warning disable CA2000 // Justification: the client ends it.
    internal static GatheringClient Create(AddressFamily family) => new(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
#pragma warning restore CA2000

    /// <inheritdoc/>
    public override NetworkStream GetStream() => new GatheringStream(Client);
}

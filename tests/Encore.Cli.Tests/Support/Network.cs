using System.Net;
using System.Net.Sockets;

namespace Encore.Cli.Tests.Support;

/// <summary>A port that is taken for as long as the object lives.</summary>
public sealed class TakenPort : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TakenPort() => _listener.Start();

    public int Number => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Stands where a host should be: opens a stream, and then neither says nor hears anything, as a machine without power.</summary>
internal sealed class SilentHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    public SilentHost()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose()
    {
        _listener.Stop();
        _clients.ForEach(client => client.Dispose());
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
                var key = "";
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    key = line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase) ? line.Split(' ')[1] : key;
                }

                // RFC 6455, section 1.3.
#pragma warning disable CA5350
                var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Stands where a host should be: takes each request, and does something else with it than answering as a host.</summary>
internal sealed class FailingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _answer;
    private int _requests;

    /// <param name="answer">The answer to each request; "" closes the connection without one.</param>
    public FailingServer(string answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await ReadRequestAsync(client.GetStream());
                Interlocked.Increment(ref _requests);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_answer));
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    // All of it: closing with bytes unread would be a reset.
    private static async Task ReadRequestAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        // Asked for nothing, a reader waits for something all the same.
        if (length > 0)
        {
            await reader.ReadBlockAsync(new char[length]);
        }
    }
}

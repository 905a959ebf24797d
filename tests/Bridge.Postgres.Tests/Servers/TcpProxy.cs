using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bridge.Postgres.Tests.Servers;

/// <summary>A network between client and server that can be cut, and can stop carrying anything.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly int _target;
    private int _requests;
    private volatile TaskCompletionSource _flow = Open();

    internal TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>How often something came from the client, as far as reads tell: what is written at once is read at once.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Carries nothing any more, and keeps every connection.</summary>
    internal void Stop() => _flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Carries everything again.</summary>
    internal void Resume() => _flow.TrySetResult();

    /// <summary>Ends every connection.</summary>
    internal void Cut()
    {
        while (_clients.TryTake(out var client))
        {
            client.Dispose();
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Resume();
        Cut();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _target);
            _clients.Add(client);
            _clients.Add(server);
            _ = CarryAsync(client, server, () => Interlocked.Increment(ref _requests));
            _ = CarryAsync(server, client, () => { });
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, Action carried)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await from.GetStream().ReadAsync(buffer);
                carried();
                await _flow.Task;
                if (read == 0)
                {
                    break;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }

        from.Dispose();
        to.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>
/// nsqd as its protocol's specification describes it, on a loopback port: topics, channels, leases, delays, heartbeats, errors that close the
/// connection and those that don't. Stopped, it keeps its messages as nsqd does that is ended in order, or that writes each to disk.
/// </summary>
internal sealed class FakeNsqd : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeTopic> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FakeNsqdClient, Task> _clients = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _nextId;

    public FakeNsqd() => Start();

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public string? Secret { get; init; }

    public X509Certificate2? Certificate { get; init; }

    public TimeSpan MaxLease { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    public int MaxReady { get; init; } = 2500;

    public int MaxMessageSize { get; init; } = 1024 * 1024;

    /// <summary>Whether <c>--deflate</c> is on, as it is unless it is turned off.</summary>
    public bool HasDeflate { get; init; } = true;

    public int MaxDeflateLevel { get; init; } = 6;

    /// <summary>Whether <c>--snappy</c> is on, as it is unless it is turned off.</summary>
    public bool HasSnappy { get; init; } = true;

    /// <summary>Whether it knows more of IDENTIFY than to say OK.</summary>
    public bool Negotiates { get; init; } = true;

    /// <summary>Says nothing more, but keeps connections open and takes new ones.</summary>
    public bool IsMute { get; set; }

    /// <summary>What clients have said, without bodies.</summary>
    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>How connections were compressed: "deflate" and its level, or "snappy".</summary>
    public ConcurrentQueue<string> Compressions { get; } = [];

    public int Connections => _clients.Count;

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Cuts all connections and refuses new ones.</summary>
    public async Task StopAsync()
    {
        _listener!.Stop();
        await _accepting;
        Cut();
        await Task.WhenAll(_clients.Values);
        lock (_lock)
        {
            foreach (var channel in _topics.Values.SelectMany(topic => topic.Channels.Values))
            {
                channel.Recover();
            }
        }
    }

    /// <summary>Cuts all connections.</summary>
    public void Cut()
    {
        foreach (var client in _clients.Keys)
        {
            client.Cut();
        }
    }

    /// <summary>Sends on all connections, beneath what compresses, what nothing can be made of.</summary>
    public void Garble()
    {
        foreach (var client in _clients.Keys)
        {
            client.Garble();
        }
    }

    public FakeTopic Topic(string name)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(name, out var topic))
            {
                _topics[name] = topic = new FakeTopic();
            }

            return topic;
        }
    }

    public bool HasTopic(string name)
    {
        lock (_lock)
        {
            return _topics.ContainsKey(name);
        }
    }

    public string NextId() => Interlocked.Increment(ref _nextId).ToString("x16", null);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        lock (_lock)
        {
            foreach (var channel in _topics.Values.SelectMany(topic => topic.Channels.Values))
            {
                channel.Dispose();
            }
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptSocketAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            var client = new FakeNsqdClient(this, socket);
            var serving = new TaskCompletionSource();
            _clients[client] = serving.Task;
            _ = ServeAsync(client, serving);
        }
    }

    private async Task ServeAsync(FakeNsqdClient client, TaskCompletionSource ended)
    {
        await client.ServeAsync();
        _clients.TryRemove(client, out _);
        ended.SetResult();
    }
}

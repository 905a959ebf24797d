using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>nsqlookupd's HTTP interface for some <see cref="FakeNsqd"/>.</summary>
internal sealed class FakeLookupd : IAsyncDisposable
{
    private readonly FakeNsqd[] _servers;
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public FakeLookupd(params FakeNsqd[] servers)
    {
        _servers = servers;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var (status, answer) = Answer(context.Request.Url!.AbsolutePath, context.Request.QueryString["topic"] ?? "");
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer));
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private (int Status, object Answer) Answer(string path, string topic)
    {
        var having = _servers.Where(server => server.HasTopic(topic)).ToArray();
        return path switch
        {
            "/nodes" => (200, new { producers = _servers.Select(Describe) }),
            "/lookup" when having.Length == 0 => (404, new { message = "TOPIC_NOT_FOUND" }),
            "/lookup" => (200, new { channels = ChannelsOf(having, topic), producers = having.Select(Describe) }),
            "/channels" => (200, new { channels = ChannelsOf(having, topic) }),
            _ => (404, new { message = "NOT_FOUND" }),
        };
    }

    private static IEnumerable<string> ChannelsOf(FakeNsqd[] servers, string topic) =>
        servers.SelectMany(server => server.Topic(topic).Channels.Keys).Distinct(StringComparer.Ordinal);

    private static object Describe(FakeNsqd server) =>
        new { broadcast_address = "127.0.0.1", hostname = "test", tcp_port = server.Port, http_port = server.Port + 1, version = "1.3.0" };
}

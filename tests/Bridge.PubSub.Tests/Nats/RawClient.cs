using System.Net;
using System.Net.Sockets;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>The protocol by hand, for what the broker never asks of a server.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly StreamReader _reader;

    internal RawClient(int port)
    {
        _client.Connect(IPAddress.Loopback, port);
        _reader = new StreamReader(_client.GetStream());
    }

    /// <summary>Sends an empty request, and waits for the answer.</summary>
    internal async Task<string> RequestAsync(string subject)
    {
        var output = new StreamWriter(_client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await output.WriteAsync($"CONNECT {{\"verbose\":false}}\r\nSUB answer 1\r\nUNSUB 1 1\r\nPUB {subject} answer 0\r\n\r\n");
        while (await _reader.ReadLineAsync(BrokerSession.Deadline) is { } line && !line.StartsWith("MSG answer", StringComparison.Ordinal))
        {
        }

        return await _reader.ReadLineAsync(BrokerSession.Deadline) ?? "";
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Transport;

/// <summary>What sockets do under the server: everything here goes over real ones.</summary>
public sealed class TransportTests
{
    private const string Hello = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";

    [Fact]
    public async Task Send_AnswerLargerThanAllBuffers_ArrivesWholeAtASlowReader()
    {
        await using var host = await TestHost.StartAsync();
        const int Length = 6_000_000;
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(host.Address);
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET /produce?length={Length} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));

        // The server fills its buffers and must wait for the socket, many times over; others are served meanwhile.
        Assert.Equal(200, (await host.GetAsync("/hello")).Status);
        var received = new MemoryStream();
        var buffer = new byte[32 * 1024];
        for (int count; (count = await client.ReceiveAsync(buffer)) > 0;)
        {
            await received.WriteAsync(buffer.AsMemory(0, count));
        }

        var text = Encoding.UTF8.GetString(received.ToArray());
        Assert.EndsWith($$"""{"text":"{{new string('é', Length)}}"}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_LargeBodyInManyPieces_IsReadWhole()
    {
        await using var host = await TestHost.StartAsync();
        var body = Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', 5_000_000)}}"}""");
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync($"POST /unlimited HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n");
        for (var start = 0; start < body.Length; start += 70_001)
        {
            await connection.SendAsync(body.AsMemory(start, Math.Min(70_001, body.Length - start)));
        }

        Assert.Equal("""{"length":5000000}""", (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Receive_PipelinedRequests_AreAnsweredInTheirOrder()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync(string.Concat(Enumerable.Range(1, 200).Select(id => $"GET /items/{id} HTTP/1.1\r\nHost: test\r\n\r\n")));
        for (var id = 1; id <= 200; id++)
        {
            Assert.Equal($$"""{"id":{{id}},"limit":null}""", (await connection.ReceiveAsync()).Body);
        }
    }

    [Fact]
    public async Task Receive_RequestByteByByte_IsAnswered()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        foreach (var character in Hello)
        {
            await connection.SendAsync(character.ToString());
        }

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Close_ByEveryKindOfClient_LeavesNoSocketBehind()
    {
        await using var host = await TestHost.StartAsync();
        for (var round = 0; round < 40; round++)
        {
            // One that leaves at once, one in the middle of a request, one while its handler works, one that has had its answer.
            (await host.ConnectAsync()).Abort();
            var middle = await host.ConnectAsync();
            await middle.SendAsync("POST /large HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{");
            middle.Abort();
            var waiting = await host.ConnectAsync();
            await waiting.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
            await waiting.DisposeAsync();
            Assert.Equal(200, (await host.GetAsync("/hello")).Status);
        }

        await host.GetAsync("/release");
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (SocketsAt(host.Address) > 0 && DateTime.UtcNow < deadline)
        {
            await Task.Yield();
        }

        Assert.Equal(0, SocketsAt(host.Address));
    }

    [Fact]
    public async Task EndSending_WithARequestUnanswered_StillEndsTheConnection()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
        connection.EndSending();
        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Stop_WithIdleConnections_ClosesThemAndEnds()
    {
        await using var host = await TestHost.StartAsync();
        var connections = new List<RawConnection>();
        for (var i = 0; i < 50; i++)
        {
            var connection = await host.ConnectAsync();
            connections.Add(connection);
            await connection.SendAsync(Hello);
            Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        }

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        foreach (var connection in connections)
        {
            await connection.AssertClosedAsync();
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Requests_OfManyConnectionsAtOnce_ReachTheIsolateInBatches()
    {
        await using var host = await TestHost.StartAsync();
        var connections = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.ConnectAsync()));
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(connections.Select(connection => connection.SendAsync(Hello)));
            var answers = await Task.WhenAll(connections.Select(connection => connection.ReceiveAsync()));
            Assert.All(answers, answer => Assert.Equal("""{"message":"hi"}""", answer.Body));
        }

        // A budget of crossings, not a time: with a turn for each request there would be 2,000.
        Assert.Equal(2_000, host.Isolate.HandlerCalls);
        Assert.InRange(host.Isolate.Turns, 1, 1_500);
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>Sockets that this process has at the host's port, the listening one aside: proc_net(5), a line each.</summary>
    private static int SocketsAt(IPEndPoint address)
    {
        const string Listening = "0A";
        var local = $":{address.Port:X4}";
        return File.ReadLines("/proc/self/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => fields[1].EndsWith(local, StringComparison.Ordinal) && fields[3] != Listening && fields[9] != "0");
    }
}

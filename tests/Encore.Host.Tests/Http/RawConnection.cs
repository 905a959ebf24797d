using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Encore.Host.Tests.Http;

/// <summary>A socket that speaks HTTP/1.1 byte by byte: what a client library wouldn't send, this does.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly List<byte> _received = [];

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        return new RawConnection(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    /// <summary>No more requests; answers may still come.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves without a word.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <summary>Reads one answer, whole.</summary>
    /// <param name="hasBody">Whether a body follows the head: not where HEAD was asked, whatever length the head names.</param>
    public async Task<RawResponse> ReceiveAsync(bool hasBody = true)
    {
        int headEnd;
        while ((headEnd = IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReadMoreAsync("a response's head");
        }

        var head = Encoding.Latin1.GetString([.. _received[..headEnd]]).Split("\r\n");
        _received.RemoveRange(0, headEnd + 4);
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var length = hasBody ? int.Parse(headers["Content-Length"].SingleOrDefault() ?? "0", CultureInfo.InvariantCulture) : 0;
        while (_received.Count < length)
        {
            await ReadMoreAsync("a response's body");
        }

        var body = Encoding.UTF8.GetString([.. _received[..length]]);
        _received.RemoveRange(0, length);
        return new RawResponse(int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body);
    }

    /// <summary>Reads bytes.</summary>
    public async Task<byte[]> ReceiveBytesAsync(int count)
    {
        while (_received.Count < count)
        {
            await ReadMoreAsync("all bytes");
        }

        byte[] bytes = [.. _received[..count]];
        _received.RemoveRange(0, count);
        return bytes;
    }

    /// <summary>Reads up to a text, and including it.</summary>
    public async Task<string> ReceiveUntilAsync(string text)
    {
        int index;
        while ((index = IndexOf(Encoding.UTF8.GetBytes(text))) < 0)
        {
            await ReadMoreAsync(text);
        }

        return Encoding.UTF8.GetString(await ReceiveBytesAsync(index + Encoding.UTF8.GetByteCount(text)));
    }

    /// <summary>Waits until the host closes the connection, and asserts that it says nothing more before that.</summary>
    public async Task AssertClosedAsync()
    {
        try
        {
            Assert.False(await ReceiveSomeAsync());
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        Assert.Empty(_received);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadMoreAsync(string what)
    {
        bool more;
        try
        {
            more = await ReceiveSomeAsync();
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException($"Nothing came for {Patience}, before {what}; so far: {Encoding.UTF8.GetString([.. _received])}", error);
        }

        if (!more)
        {
            throw new EndOfStreamException($"The connection ended before {what}; so far: {Encoding.UTF8.GetString([.. _received])}");
        }
    }

    private async Task<bool> ReceiveSomeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        var count = await _socket.ReceiveAsync(buffer, patience.Token);
        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }

    private int IndexOf(ReadOnlySpan<byte> pattern) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received).IndexOf(pattern);
}

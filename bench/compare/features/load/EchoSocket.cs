using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Features.Load;

/// <summary>
/// A client's WebSocket (RFC 6455) that can send one message and knows how long its echo is: no more than a system call each way, so that
/// the load costs less than what it measures.
/// </summary>
internal sealed class EchoSocket
{
    private static readonly byte[] Message = """{"text":"What is said in a room, about as long as people write."}"""u8.ToArray();
    private static readonly byte[] Frame = Masked(Message);

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[2 + Message.Length];

    private EchoSocket(Socket socket) => _socket = socket;

    /// <summary>Opens one.</summary>
    public static EchoSocket Open(int port, string target)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var head = $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.Send(Encoding.ASCII.GetBytes(head));
        ReadHead(socket);
        return new EchoSocket(socket);
    }

    /// <summary>Sends the message.</summary>
    public void Send() => _socket.Send(Frame);

    /// <summary>Waits for the echo.</summary>
    /// <exception cref="InvalidDataException">What came isn't the message.</exception>
    public void Receive()
    {
        for (var length = 0; length < _received.Length;)
        {
            var count = _socket.Receive(_received.AsSpan(length));
            length += count > 0 ? count : throw new InvalidDataException("the server closed the socket");
        }

        if (!_received.AsSpan(2).SequenceEqual(Message))
        {
            throw new InvalidDataException($"no echo: {Encoding.UTF8.GetString(_received.AsSpan(2))}");
        }
    }

    // Byte by byte: what follows the head is the first frame's.
    private static void ReadHead(Socket socket)
    {
        var head = new StringBuilder();
        Span<byte> one = stackalloc byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(socket.Receive(one) == 1 ? (char)one[0] : throw new InvalidDataException($"the server closed the socket: {head}"));
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"no WebSocket: {head}");
        }
    }

    private static byte[] Masked(byte[] payload)
    {
        ReadOnlySpan<byte> mask = [0x37, 0xfa, 0x21, 0x3d];
        byte[] frame = [0x81, (byte)(0x80 | payload.Length), .. mask, .. payload];
        for (var i = 0; i < payload.Length; i++)
        {
            frame[6 + i] ^= mask[i & 3];
        }

        return frame;
    }
}

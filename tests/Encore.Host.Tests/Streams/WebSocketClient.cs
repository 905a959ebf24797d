using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Streams;

/// <summary>A WebSocket that sends what a test says, right or wrong, and reads frames as they come.</summary>
internal sealed class WebSocketClient : IAsyncDisposable
{
    public const string Handshake =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static readonly byte[] Mask = [0x12, 0x34, 0x56, 0x78];

    private readonly RawConnection _connection;

    private WebSocketClient(RawConnection connection, RawResponse opening)
    {
        _connection = connection;
        Opening = opening;
    }

    public RawConnection Connection => _connection;

    /// <summary>The answer to the handshake.</summary>
    public RawResponse Opening { get; }

    public static async Task<WebSocketClient> OpenAsync(IPEndPoint address, string target, string headers = "")
    {
        var connection = await RawConnection.OpenAsync(address);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: test\r\n{Handshake}{headers}\r\n");
        var opening = await connection.ReceiveAsync();
        Assert.True(opening.Status == 101, opening.Body);
        return new WebSocketClient(connection, opening);
    }

    /// <summary>A frame as a client sends it.</summary>
    /// <param name="first">FIN, reserved bits and opcode.</param>
    /// <param name="payload">The payload, unmasked.</param>
    /// <param name="isMasked">Clients mask; that one doesn't is a fault.</param>
    public static byte[] Frame(int first, ReadOnlySpan<byte> payload, bool isMasked = true)
    {
        List<byte> frame = [(byte)first];
        var mask = isMasked ? 0x80 : 0;
        var length = new byte[8];
        if (payload.Length <= 125)
        {
            frame.Add((byte)(mask | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame.Add((byte)(mask | 126));
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
            frame.AddRange(length[..2]);
        }
        else
        {
            frame.Add((byte)(mask | 127));
            BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)payload.Length);
            frame.AddRange(length);
        }

        frame.AddRange(isMasked ? Mask : []);
        for (var i = 0; i < payload.Length; i++)
        {
            frame.Add((byte)(payload[i] ^ (isMasked ? Mask[i & 3] : 0)));
        }

        return [.. frame];
    }

    public static byte[] TextFrame(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    public static byte[] CloseFrame(int code, string reason = "") => Frame(0x88, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public Task SendAsync(string text) => _connection.SendAsync(TextFrame(text));

    public Task SendAsync(byte[] bytes) => _connection.SendAsync(bytes);

    /// <summary>The next frame: its first byte and its payload.</summary>
    public async Task<(int First, byte[] Payload)> ReceiveFrameAsync()
    {
        var head = await _connection.ReceiveBytesAsync(2);
        Assert.True(head[1] < 0x80, "a server masks nothing");
        var length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await _connection.ReceiveBytesAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await _connection.ReceiveBytesAsync(8)),
            var small => small,
        };
        return (head[0], await _connection.ReceiveBytesAsync(length));
    }

    /// <summary>The next frame, which is a message.</summary>
    public async Task<string> ReceiveAsync()
    {
        var (first, payload) = await ReceiveFrameAsync();
        if (first == 0xc1)
        {
            payload = Inflate(payload);
        }
        else if (first != 0x81)
        {
            Assert.Fail($"frame {first:x} instead of a message: {Encoding.UTF8.GetString(payload)}");
        }

        return Encoding.UTF8.GetString(payload);
    }

    /// <summary>The next frame, which closes the stream; its answer, and the end of the connection.</summary>
    public async Task<(int Code, string Reason)> ReceiveCloseAsync()
    {
        var close = await ReceiveCloseFrameAsync();
        await SendAsync(CloseFrame(close.Code == 1005 ? 1000 : close.Code));
        await _connection.AssertClosedAsync();
        return close;
    }

    public async Task<(int Code, string Reason)> ReceiveCloseFrameAsync()
    {
        var (first, payload) = await ReceiveFrameAsync();
        Assert.True(first == 0x88, $"frame {first:x}: {Encoding.UTF8.GetString(payload)}");
        return payload.Length == 0 ? (1005, "") : (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public static byte[] Deflate(byte[] message)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(message);
            deflate.Flush();
            return output.ToArray()[..^4];
        }
    }

    private static byte[] Inflate(byte[] message)
    {
        using var input = new MemoryStream([.. message, 0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff]);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        using var output = new MemoryStream();
        inflate.CopyTo(output);
        return output.ToArray();
    }
}

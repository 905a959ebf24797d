using System.Text;
using Encore.Host.Streams;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Streams.WebSocketClient;

namespace Encore.Host.Tests.Streams;

/// <summary>Frames as RFC 6455 allows and forbids them, after the cases of the Autobahn test suite.</summary>
public sealed class WebSocketFrameTests : IAsyncLifetime
{
    private const string Deflates = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

    private static readonly byte[] Message = """{"text":"a"}"""u8.ToArray();

    private TestHost? _host;

    private TestHost Host => _host!; // Justification: set before any test runs.

    public async Task InitializeAsync() => _host = await StreamHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    public static TheoryData<string, byte[]> Faults => new()
    {
        { "unmasked frame", Frame(0x81, Message, isMasked: false) },
        { "RSV1 without compression", Frame(0xc1, Message) },
        { "RSV2", Frame(0xa1, Message) },
        { "RSV3", Frame(0x91, Message) },
        { "reserved data opcode 3", Frame(0x83, Message) },
        { "reserved data opcode 7", Frame(0x87, Message) },
        { "reserved control opcode 11", Frame(0x8b, []) },
        { "reserved control opcode 15", Frame(0x8f, []) },
        { "fragmented ping", Frame(0x09, []) },
        { "fragmented close", Frame(0x08, [3, 232]) },
        { "ping longer than 125 bytes", Frame(0x89, new byte[126]) },
        { "close longer than 125 bytes", Frame(0x88, new byte[126]) },
        { "continuation without a message", Frame(0x80, Message) },
        { "continuation after a whole message", [.. Frame(0x81, Message), .. Frame(0x80, Message)] },
        { "message within a message", [.. Frame(0x01, Message.AsSpan()[..4]), .. Frame(0x81, Message)] },
        { "close with half a code", Frame(0x88, [3]) },
        { "length with its highest bit set", [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    };

    public static TheoryData<int> CodesNotToSend => [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];

    public static TheoryData<int> CodesToSend => [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Frame_BreaksTheProtocol_Closes1002(string what, byte[] bytes)
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(bytes);

        (int First, byte[] Payload) frame;
        while ((frame = await socket.ReceiveFrameAsync()).First == 0x81)
        {
        }

        Assert.True(frame.First == 0x88 && frame.Payload is [3, 234, ..], what);
        Assert.NotEmpty(Encoding.UTF8.GetString(frame.Payload.AsSpan(2)));
        await socket.Connection.AssertClosedAsync();
    }

    [Theory]
    [MemberData(nameof(CodesNotToSend))]
    public async Task Close_CodeThatMayNotBeSent_Closes1002(int code)
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(CloseFrame(code));

        Assert.Equal(1002, (await socket.ReceiveCloseFrameAsync()).Code);
    }

    [Theory]
    [MemberData(nameof(CodesToSend))]
    public async Task Close_CodeThatMayBeSent_IsEchoed(int code)
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(CloseFrame(code, new string('r', 123)));

        Assert.Equal((code, ""), await socket.ReceiveCloseFrameAsync());
        await socket.Connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Close_WithoutCode_IsAnsweredWithoutCode()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(Frame(0x88, []));

        Assert.Equal((1005, ""), await socket.ReceiveCloseFrameAsync());
    }

    [Fact]
    public async Task Close_ReasonNotUtf8_Closes1007()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(Frame(0x88, [3, 232, 0xce, 0xba, 0xed, 0xa0, 0x80]));

        Assert.Equal(1007, (await socket.ReceiveCloseFrameAsync()).Code);
    }

    [Fact]
    public async Task Close_MessageAfterIt_IsIgnored()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync([.. CloseFrame(1000), .. Frame(0x81, Message), .. Frame(0x89, [])]);

        Assert.Equal(1000, (await socket.ReceiveCloseFrameAsync()).Code);
        await socket.Connection.AssertClosedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    public async Task Ping_Payload_ComesBackAsPong(int length)
    {
        await using var socket = await Host.OpenAsync("/echo");
        var payload = Enumerable.Range(0, length).Select(i => (byte)(255 - i)).ToArray();

        await socket.SendAsync(Frame(0x89, payload));

        var (first, pong) = await socket.ReceiveFrameAsync();
        Assert.Equal(0x8a, first);
        Assert.Equal(payload, pong);
    }

    [Fact]
    public async Task Pong_Unasked_IsIgnored()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync([.. Frame(0x8a, "x"u8), .. Frame(0x81, Message)]);

        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Message_Fragmented_IsPutTogether()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync([.. Frame(0x01, Message.AsSpan()[..3]), .. Frame(0x00, []), .. Frame(0x00, Message.AsSpan()[3..9]), .. Frame(0x80, Message.AsSpan()[9..])]);

        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Message_ControlFramesBetweenFragments_AreAnswered()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync([.. Frame(0x01, Message.AsSpan()[..3]), .. Frame(0x89, "ping"u8)]);
        var (first, payload) = await socket.ReceiveFrameAsync();
        await socket.SendAsync(Frame(0x80, Message.AsSpan()[3..]));

        Assert.Equal((0x8a, "ping"), (first, Encoding.UTF8.GetString(payload)));
        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Message_ByteByByte_IsRead()
    {
        await using var socket = await Host.OpenAsync("/echo");

        foreach (var each in TextFrame("""{"text":"é"}"""))
        {
            await socket.SendAsync([each]);
        }

        Assert.Equal("""{"text":"é"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Message_FragmentedWithinACharacter_IsPutTogether()
    {
        await using var socket = await Host.OpenAsync("/echo");
        var bytes = """{"text":"😀"}"""u8.ToArray();

        await socket.SendAsync([.. Frame(0x01, bytes.AsSpan()[..10]), .. Frame(0x80, bytes.AsSpan()[10..])]);

        Assert.Equal("""{"text":"😀"}""", await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public async Task Message_OfEveryLengthForm_IsEchoed(int length)
    {
        await using var socket = await Host.OpenAsync("/echo");
        var message = $$"""{"text":"{{new string('x', length - 11)}}"}""";

        await socket.SendAsync(message);

        Assert.Equal(message, await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Message_NotUtf8_Closes1007()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(Frame(0x81, [.. "{\"text\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8]));

        Assert.Equal((1007, "a message isn't UTF-8"), await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Message_Binary_Closes1003()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync(Frame(0x82, Message));

        Assert.Equal((1003, "messages are JSON in text frames"), await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Message_AboveTheLimit_Closes1009()
    {
        await using var socket = await Host.OpenAsync("/last");

        await socket.SendAsync(Frame(0x81, new byte[StreamApplication.SmallLimit + 1]));

        Assert.Equal((1009, "message too large: the limit is 64 bytes"), await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Message_FragmentsAboveTheLimit_Closes1009()
    {
        await using var socket = await Host.OpenAsync("/last");

        await socket.SendAsync([.. Frame(0x01, new byte[40]), .. Frame(0x00, new byte[40]), .. Frame(0x80, new byte[40])]);

        Assert.Equal(1009, (await socket.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task Message_AnnouncedAboveEveryLimit_Closes1009BeforeItComes()
    {
        await using var socket = await Host.OpenAsync("/echo");

        await socket.SendAsync([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

        Assert.Equal(1009, (await socket.ReceiveCloseFrameAsync()).Code);
    }

    [Fact]
    public async Task Deflate_Offered_MessagesTravelCompressed()
    {
        await using var socket = await Host.OpenAsync("/echo", Deflates);
        var message = $$"""{"text":"{{new string('y', 5000)}}"}""";

        await socket.SendAsync([.. Frame(0xc1, Deflate(Encoding.UTF8.GetBytes(message))), .. Frame(0x81, Message)]);
        var (first, payload) = await socket.ReceiveFrameAsync();

        Assert.Equal("permessage-deflate; server_no_context_takeover; client_no_context_takeover", socket.Opening["Sec-WebSocket-Extensions"]);
        Assert.Equal(0xc1, first);
        Assert.InRange(payload.Length, 1, 500);
        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Deflate_FragmentedMessage_IsPutTogether()
    {
        await using var socket = await Host.OpenAsync("/echo", Deflates);
        var compressed = Deflate(Message);

        await socket.SendAsync([.. Frame(0x41, compressed.AsSpan()[..4]), .. Frame(0x80, compressed.AsSpan()[4..])]);

        Assert.Equal("""{"text":"a"}""", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Deflate_BitOnAContinuation_Closes1002()
    {
        await using var socket = await Host.OpenAsync("/echo", Deflates);
        var compressed = Deflate(Message);

        await socket.SendAsync([.. Frame(0x41, compressed.AsSpan()[..4]), .. Frame(0xc0, compressed.AsSpan()[4..])]);

        Assert.Equal(1002, (await socket.ReceiveCloseFrameAsync()).Code);
    }

    [Fact]
    public async Task Deflate_InflatesAboveTheLimit_Closes1009()
    {
        await using var socket = await Host.OpenAsync("/last", Deflates);

        await socket.SendAsync(Frame(0xc1, Deflate(new byte[4000])));

        Assert.Equal(1009, (await socket.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task Deflate_Rubbish_Closes1007()
    {
        await using var socket = await Host.OpenAsync("/echo", Deflates);

        await socket.SendAsync(Frame(0xc1, [0xff, 0xff, 0xff, 0xff, 0xff]));

        Assert.Equal((1007, "a message isn't compressed as agreed"), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=10")]
    [InlineData("permessage-deflate; unknown")]
    [InlineData("x-webkit-deflate-frame")]
    public async Task Deflate_OfferThatCannotBeMet_IsPassedOver(string offer)
    {
        await using var socket = await Host.OpenAsync("/echo", $"Sec-WebSocket-Extensions: {offer}\r\n");

        Assert.Null(socket.Opening["Sec-WebSocket-Extensions"]);
    }
}

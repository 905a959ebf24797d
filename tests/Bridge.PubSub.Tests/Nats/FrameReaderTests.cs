using System.Buffers;
using System.Text;
using Bridge.Nats.JetStream;
using Bridge.Nats.Protocol;

namespace Bridge.PubSub.Tests.Nats;

public sealed class FrameReaderTests
{
    private const string Traffic =
        "INFO {\"max_payload\":5,\"headers\":true}\r\n+OK\r\nPING\r\nmsg a.b 7 3\r\nx\r\n\r\nHMSG a 12  reply.to 22 24\r\nNATS/1.0\r\nA: b\r\nC:\r\n\r\nyz\r\n"
        + "MSG\tc\t2\t0\r\n\r\nPONG\r\n-ERR 'Stale Connection'\r\n";

    [Fact]
    public void Traffic_SplitAnywhere_ReadsTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes(Traffic);
        var whole = ReadAll([bytes]);
        Assert.Equal(
            [
                "Info {\"max_payload\":5,\"headers\":true}", "Ok ", "Ping ", "Message 7 a.b  [] x\r\n", "Message 12 a reply.to [A=b,C=] yz", "Message 2 c  [] ", "Pong ", "Error Stale Connection",
            ],
            whole);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, ReadAll([bytes[..cut], bytes[cut..]]));
        }

        Assert.Equal(whole, ReadAll([.. bytes.Select(unit => new[] { unit })]));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("MSG a\r\n")]
    [InlineData("MSG a 1 b c 3\r\n")]
    [InlineData("MSG a 1 -3\r\n")]
    [InlineData("MSG a 1 3x\r\n")]
    [InlineData("MSG a 1 99999999999\r\n")]
    [InlineData("MSG a one 3\r\nabc\r\n")]
    [InlineData("MSG a 1 3\r\nabcd\r\n")]
    [InlineData("HMSG a 1 5 3\r\nabc\r\n")]
    [InlineData("HMSG a 1 3\r\nabc\r\n")]
    [InlineData("\r\n")]
    [InlineData("\0\u0001\u0002\n")]
    public void Garbage_IsRefused(string text) => Assert.Throws<NatsProtocolException>(() => ReadAll([Encoding.UTF8.GetBytes(text)]));

    [Fact]
    public void LineWithoutAnEnd_IsRefused_BeforeItFillsTheMemory() =>
        Assert.Throws<NatsProtocolException>(() => ReadAll([new byte[(1 << 20) + 1]]));

    [Fact]
    public void RandomBytes_NeverHangOrCrash()
    {
        var random = new Random(7);
        var words = Traffic.Split(' ', '\r').Append("\r\n").Append(" ").ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => words[random.Next(words.Length)] + (random.Next(2) == 0 ? " " : "\r\n")));
            try
            {
                ReadAll([Encoding.UTF8.GetBytes(text)]);
            }
            catch (NatsProtocolException)
            {
                // What it says of garbage.
            }
        }
    }

    [Theory]
    [InlineData("NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n", 408, "Request Timeout")]
    [InlineData("NATS/1.0 503\r\n\r\n", 503, "")]
    [InlineData("NATS/1.0\r\nA: 404\r\n\r\n", 0, "")]
    [InlineData("", 0, "")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 0, "")]
    public void Status_IsRead(string block, int status, string description)
    {
        var bytes = Encoding.UTF8.GetBytes(block);

        Assert.Equal((status, description), (HeaderBlock.StatusOf(bytes), HeaderBlock.DescriptionOf(bytes)));
    }

    [Theory]
    [InlineData("$JS.ACK.orders.mailer.3.17.20.1700000000123456789.5", 3, 17)]
    [InlineData("$JS.ACK.hub.ACCHASH.orders.mailer.4.18.20.1700000000123456789.5", 4, 18)]
    [InlineData("$JS.ACK.hub.ACCHASH.orders.mailer.5.19.20.1700000000123456789.5.token", 5, 19)]
    public void AckSubject_IsReadInEveryForm(string subject, int delivered, int sequence)
    {
        Assert.True(AckSubject.TryParse(Encoding.ASCII.GetBytes(subject), out var state));
        Assert.Equal((delivered, (ulong)sequence, 1700000000123456789), (state.Delivered, state.StreamSequence, state.Nanoseconds));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123).AddTicks(4567), state.StoredAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("orders.all")]
    [InlineData("$JS.ACK.orders.mailer.x.17.20.1700000000123456789.5")]
    [InlineData("$JS.ACK.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q")]
    public void AnotherSubject_IsNoAckSubject(string subject) => Assert.False(AckSubject.TryParse(Encoding.ASCII.GetBytes(subject), out _));

    private static List<string> ReadAll(byte[][] parts)
    {
        var frames = new List<string>();
        var received = Array.Empty<byte>();
        foreach (var part in parts)
        {
            received = [.. received, .. part];
            var buffer = Segmented(received);
            while (FrameReader.TryRead(ref buffer, out var frame))
            {
                frames.Add(Describe(frame));
            }

            received = buffer.ToArray();
        }

        return frames;
    }

    private static string Describe(in Frame frame)
    {
        if (frame.Kind != FrameKind.Message)
        {
            return $"{frame.Kind} {frame.Text}";
        }

        var message = frame.Message;
        var headers = string.Join(',', HeaderBlock.Read(message.Headers.Span).Select(pair => $"{pair.Key}={pair.Value}"));
        return $"Message {message.Subscription} {message} {Encoding.UTF8.GetString(message.Reply.Span)} [{headers}] {Encoding.UTF8.GetString(message.Payload.Span)}";
    }

    // In segments of a few bytes, as a pipe may have them.
    private static ReadOnlySequence<byte> Segmented(byte[] bytes)
    {
        if (bytes.Length is < 3 or > 1000)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        var first = new Segment(bytes.AsMemory(0, 3), 0);
        var last = first;
        for (var position = 3; position < bytes.Length; position += 3)
        {
            last = last.Append(bytes.AsMemory(position, Math.Min(3, bytes.Length - position)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        internal Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>One connection to <see cref="FakeNsqd"/>.</summary>
#pragma warning disable CA1001 // Justification: ServeAsync, which every client's life is, disposes of all at its end.
internal sealed partial class FakeNsqdClient(FakeNsqd server, Socket socket)
{
    // No frame, no chunk of Snappy's, no block of DEFLATE's.
    private static readonly byte[] Garbage = [.. Enumerable.Repeat((byte)0x7f, 32)];

    private readonly Channel<byte[]> _output = Channel.CreateUnbounded<byte[]>();
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private Stream? _beneath;
    private FakeChannel? _channel;
    private Timer? _heartbeat;
    private long _heardAt = Environment.TickCount64;
    private bool _isAuthorized;

#pragma warning restore CA1001

    public int Ready { get; private set; }

    public int InFlight { get; set; }

    public long Lease { get; private set; } = 60_000;

    public void Cut() => socket.Close(0);

    public void Garble() => _output.Writer.TryWrite(Garbage);

    public void Send(FakeMessage message)
    {
        var data = new byte[26 + message.Body.Length];
        BinaryPrimitives.WriteInt64BigEndian(data, message.Nanoseconds);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(8), message.Attempts);
        Encoding.ASCII.GetBytes(message.Id, data.AsSpan(10));
        message.Body.CopyTo(data, 26);
        Send(2, data);
    }

    public async Task ServeAsync()
    {
        try
        {
            await TalkAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException or InvalidDataException)
        {
            // The client is gone, or was cut off.
        }

        _channel?.Leave(this);
        _output.Writer.TryComplete();
        if (_heartbeat is not null)
        {
            await _heartbeat.DisposeAsync();
        }

        await _stream.DisposeAsync();
    }

    private async Task TalkAsync()
    {
        var magic = new byte[4];
        await _stream.ReadExactlyAsync(magic);
        if (!magic.AsSpan().SequenceEqual("  V2"u8))
        {
            return;
        }

        var writing = Task.CompletedTask;
        try
        {
            while (true)
            {
                var words = (await ReadLineAsync()).Split(' ');
                Volatile.Write(ref _heardAt, Environment.TickCount64);
                server.Commands.Enqueue(string.Join(' ', words));
                while (server.IsMute)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20));
                }

                if (words[0] == "IDENTIFY")
                {
                    if (!await IdentifyAsync(await ReadBodyAsync()))
                    {
                        return;
                    }

                    // Up to here answers are written at once: the stream may be another afterwards.
                    writing = WriteAllAsync();
                    continue;
                }

                if (await ObeyAsync(words) is { } error)
                {
                    Send(1, Encoding.UTF8.GetBytes(error));
                    if (!IsMild(error))
                    {
                        return;
                    }
                }
            }
        }
        finally
        {
            _output.Writer.TryComplete();
            await writing;
        }
    }

    private static bool IsMild(string error) => error.StartsWith("E_FIN_", StringComparison.Ordinal) || error.StartsWith("E_REQ_", StringComparison.Ordinal) || error.StartsWith("E_TOUCH_", StringComparison.Ordinal);

    private async Task<bool> IdentifyAsync(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var asked = document.RootElement;
        Lease = asked.TryGetProperty("msg_timeout", out var lease) && lease.GetInt64() > 0 ? lease.GetInt64() : Lease;
        if (Lease > server.MaxLease.TotalMilliseconds)
        {
            await WriteAsync(Frame(1, Encoding.UTF8.GetBytes($"E_BAD_BODY IDENTIFY msg timeout ({Lease}) is invalid")));
            return false;
        }

        var beat = asked.TryGetProperty("heartbeat_interval", out var interval) ? interval.GetInt64() : 30_000;
        var hasTls = server.Certificate is not null && asked.TryGetProperty("tls_v1", out var tls) && tls.GetBoolean();
        var deflate = server.HasDeflate && asked.TryGetProperty("deflate", out var wantsDeflate) && wantsDeflate.GetBoolean();
        var level = deflate && asked.TryGetProperty("deflate_level", out var wanted) && wanted.GetInt32() > 0 ? wanted.GetInt32() : 6;
        level = Math.Min(level, server.MaxDeflateLevel);
        var snappy = server.HasSnappy && asked.TryGetProperty("snappy", out var wantsSnappy) && wantsSnappy.GetBoolean();
        if (deflate && snappy)
        {
            await WriteAsync(Frame(1, "E_IDENTIFY_FAILED cannot enable both deflate and snappy compression"u8));
            return false;
        }

        var agreed = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["max_rdy_count"] = server.MaxReady,
            ["version"] = "1.3.0",
            ["max_msg_timeout"] = (long)server.MaxLease.TotalMilliseconds,
            ["msg_timeout"] = Lease,
            ["tls_v1"] = hasTls,
            ["deflate"] = deflate,
            ["deflate_level"] = level,
            ["max_deflate_level"] = server.MaxDeflateLevel,
            ["snappy"] = snappy,
            ["sample_rate"] = 0,
            ["auth_required"] = server.Secret is not null,
            ["output_buffer_size"] = 16384,
            ["output_buffer_timeout"] = 250,
        };
        await WriteAsync(Frame(0, server.Negotiates && asked.GetProperty("feature_negotiation").GetBoolean() ? JsonSerializer.SerializeToUtf8Bytes(agreed) : "OK"u8));
        if (hasTls)
        {
            var encrypted = new SslStream(_stream);
            await encrypted.AuthenticateAsServerAsync(server.Certificate!);
            _stream = encrypted;
            await WriteAsync(Frame(0, "OK"u8));
        }

        if (deflate || snappy)
        {
            server.Compressions.Enqueue(deflate ? $"deflate {level}" : "snappy");
            _beneath = _stream;
            _stream = deflate ? FakeCompression.Deflate(_stream, level) : FakeCompression.Snappy(_stream);
            await WriteAsync(Frame(0, "OK"u8));
        }

        _heartbeat = new Timer(_ => Beat(beat), state: null, beat, beat);
        return true;
    }

    private void Beat(long interval)
    {
        if (Environment.TickCount64 - Volatile.Read(ref _heardAt) > 2 * interval)
        {
            Cut();
        }
        else if (!server.IsMute)
        {
            Send(0, "_heartbeat_"u8);
        }
    }

    /// <returns>The error; null where all is well.</returns>
    private async Task<string?> ObeyAsync(string[] words)
    {
        if (words[0] is not ("AUTH" or "NOP") && server.Secret is not null && !_isAuthorized)
        {
            return $"E_AUTH_FIRST AUTH required before {words[0]}";
        }

        switch (words[0])
        {
            case "NOP":
                return null;
            case "AUTH":
                _isAuthorized = Encoding.UTF8.GetString(await ReadBodyAsync()) == server.Secret;
                return _isAuthorized ? Answer("""{"identity":"test","permission_count":1}""") : "E_AUTH_FAILED AUTH failed";
            case "SUB":
                return Subscribe(words[1], words[2]);
            case "PUB":
                return Publish(words[1], TimeSpan.Zero, [await ReadBodyAsync()]);
            case "DPUB":
                var delay = TimeSpan.FromMilliseconds(long.Parse(words[2], CultureInfo.InvariantCulture));
                var body = await ReadBodyAsync();
                return delay < TimeSpan.Zero || delay > server.MaxDelay
                    ? $"E_INVALID DPUB timeout {words[2]} out of range 0-{server.MaxDelay.TotalMilliseconds}"
                    : Publish(words[1], delay, [body]);
            case "MPUB":
                return Publish(words[1], TimeSpan.Zero, Split(await ReadBodyAsync()));
            case "CLS" when _channel is not null:
                Ready = 0;
                return Answer("CLOSE_WAIT");
            default:
                return _channel is null ? "E_INVALID invalid command " + words[0] : Settle(_channel, words);
        }
    }

    private string? Subscribe(string topic, string channel)
    {
        if (_channel is not null)
        {
            return "E_INVALID cannot SUB in current state";
        }

        if (!Name().IsMatch(topic))
        {
            return $"E_BAD_TOPIC SUB topic name \"{topic}\" is not valid";
        }

        if (!Name().IsMatch(channel))
        {
            return $"E_BAD_CHANNEL SUB channel name \"{channel}\" is not valid";
        }

        _channel = server.Topic(topic).Channel(channel);
        _channel.Join(this);
        return Answer("OK");
    }

    private string? Publish(string topic, TimeSpan delay, List<byte[]> bodies)
    {
        if (!Name().IsMatch(topic))
        {
            return $"E_BAD_TOPIC PUB topic name \"{topic}\" is not valid";
        }

        if (bodies.Find(body => body.Length == 0 || body.Length > server.MaxMessageSize) is { } bad)
        {
            return $"E_BAD_MESSAGE PUB message too big {bad.Length} > {server.MaxMessageSize}";
        }

        foreach (var body in bodies)
        {
            var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
            server.Topic(topic).Put(new FakeMessage(server.NextId(), now, body), delay);
        }

        return Answer("OK");
    }

    private string? Settle(FakeChannel channel, string[] words)
    {
        switch (words[0])
        {
            case "RDY":
                var count = int.Parse(words[1], CultureInfo.InvariantCulture);
                if (count < 0 || count > server.MaxReady)
                {
                    return $"E_INVALID RDY count {count} out of range 0-{server.MaxReady}";
                }

                Ready = count;
                channel.Wake();
                return null;
            case "FIN":
                return channel.Finish(this, words[1]) ? null : $"E_FIN_FAILED FIN {words[1]} failed ID not in flight";
            case "REQ":
                var delay = TimeSpan.FromMilliseconds(long.Parse(words[2], CultureInfo.InvariantCulture));
                delay = delay < server.MaxDelay ? delay : server.MaxDelay;
                return channel.Requeue(this, words[1], delay) ? null : $"E_REQ_FAILED REQ {words[1]} failed ID not in flight";
            case "TOUCH":
                return channel.Touch(this, words[1]) ? null : $"E_TOUCH_FAILED TOUCH {words[1]} failed ID not in flight";
            default:
                return "E_INVALID invalid command " + words[0];
        }
    }

    private string? Answer(string text)
    {
        Send(0, Encoding.UTF8.GetBytes(text));
        return null;
    }

    private void Send(int type, ReadOnlySpan<byte> data) => _output.Writer.TryWrite(Frame(type, data));

    private static byte[] Frame(int type, ReadOnlySpan<byte> data)
    {
        var frame = new byte[8 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 4 + data.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), type);
        data.CopyTo(frame.AsSpan(8));
        return frame;
    }

    private async Task WriteAsync(byte[] frame)
    {
        await _stream.WriteAsync(frame);
        await _stream.FlushAsync();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var frame in _output.Reader.ReadAllAsync())
            {
                if (ReferenceEquals(frame, Garbage))
                {
                    await (_beneath ?? _stream).WriteAsync(frame);
                    continue;
                }

                await WriteAsync(frame);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var letter = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(letter);
            if (letter[0] == '\n')
            {
                return line.ToString();
            }

            line.Append((char)letter[0]);
        }
    }

    private async Task<byte[]> ReadBodyAsync()
    {
        var size = new byte[4];
        await _stream.ReadExactlyAsync(size);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await _stream.ReadExactlyAsync(body);
        return body;
    }

    private static List<byte[]> Split(byte[] body)
    {
        var messages = new List<byte[]>();
        var position = 4;
        for (var count = BinaryPrimitives.ReadInt32BigEndian(body); count > 0; count--)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(position));
            messages.Add(body[(position + 4)..(position + 4 + size)]);
            position += 4 + size;
        }

        return messages;
    }

    [GeneratedRegex("^[.a-zA-Z0-9_-]{1,64}(#ephemeral)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Bridge.Nsq;

/// <summary>The commands of nsqd's protocol V2 as bytes. Source: nsq.io, "TCP Protocol Spec".</summary>
internal static class NsqCommands
{
    /// <summary>What a connection begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "  V2"u8;

    /// <summary>The answer to a heartbeat.</summary>
    public static byte[] Nop { get; } = Line("NOP");

    /// <summary>No more messages, please; answered with CLOSE_WAIT.</summary>
    public static byte[] Close { get; } = Line("CLS");

    /// <summary>Who this is, and what is agreed on.</summary>
    public static byte[] Identify(ReadOnlySpan<byte> json) => WithBody("IDENTIFY", json);

    /// <summary>Who this is, to an authorization server.</summary>
    public static byte[] Auth(string secret) => WithBody("AUTH", Encoding.UTF8.GetBytes(secret));

    /// <summary>Messages of a topic's channel, please; both are made where they aren't there.</summary>
    public static byte[] Subscribe(string topic, string channel) => Line($"SUB {topic} {channel}");

    /// <summary>How many messages may be unanswered at a time.</summary>
    public static byte[] Ready(int count) => Line(string.Create(CultureInfo.InvariantCulture, $"RDY {count}"));

    /// <summary>A message is handled.</summary>
    public static byte[] Finish(string message) => Line($"FIN {message}");

    /// <summary>A message is to come again.</summary>
    public static byte[] Requeue(string message, TimeSpan delay) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"REQ {message} {(long)delay.TotalMilliseconds}"));

    /// <summary>A message's lease begins anew.</summary>
    public static byte[] Touch(string message) => Line($"TOUCH {message}");

    /// <summary>One message for a topic.</summary>
    public static byte[] Publish(string topic, ReadOnlySpan<byte> message) => WithBody($"PUB {topic}", message);

    /// <summary>One message for a topic, to be delivered after a while.</summary>
    public static byte[] PublishLater(string topic, TimeSpan delay, ReadOnlySpan<byte> message) =>
        WithBody(string.Create(CultureInfo.InvariantCulture, $"DPUB {topic} {(long)delay.TotalMilliseconds}"), message);

    /// <summary>Several messages for a topic: all are taken, or none.</summary>
    public static byte[] PublishAll(string topic, IReadOnlyList<byte[]> messages)
    {
        var body = new byte[4 + messages.Sum(message => 4 + message.Length)];
        BinaryPrimitives.WriteInt32BigEndian(body, messages.Count);
        var position = 4;
        foreach (var message in messages)
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(position), message.Length);
            message.CopyTo(body, position + 4);
            position += 4 + message.Length;
        }

        return WithBody($"MPUB {topic}", body);
    }

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes(text + "\n");

    private static byte[] WithBody(string command, ReadOnlySpan<byte> body)
    {
        var line = Line(command);
        var bytes = new byte[line.Length + 4 + body.Length];
        line.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(line.Length), body.Length);
        body.CopyTo(bytes.AsSpan(line.Length + 4));
        return bytes;
    }
}

using System.Buffers;
using System.Buffers.Text;

namespace Bridge.Nats.Protocol;

/// <summary>Writes what a client sends: https://docs.nats.io/reference/reference-protocols/nats-protocol.</summary>
internal static class FrameWriter
{
    private const int MaxDigits = 20;

    /// <summary>CONNECT &lt;json&gt;.</summary>
    internal static void Connect(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        output.Write("CONNECT "u8);
        output.Write(json);
        output.Write("\r\n"u8);
    }

    /// <summary>PING.</summary>
    internal static void Ping(IBufferWriter<byte> output) => output.Write("PING\r\n"u8);

    /// <summary>PONG.</summary>
    internal static void Pong(IBufferWriter<byte> output) => output.Write("PONG\r\n"u8);

    /// <summary>SUB &lt;subject&gt; &lt;sid&gt;.</summary>
    internal static void Subscribe(IBufferWriter<byte> output, ReadOnlySpan<byte> subject, long subscription)
    {
        output.Write("SUB "u8);
        output.Write(subject);
        Number(output, subscription);
        output.Write("\r\n"u8);
    }

    /// <summary>UNSUB &lt;sid&gt;.</summary>
    internal static void Unsubscribe(IBufferWriter<byte> output, long subscription)
    {
        output.Write("UNSUB"u8);
        Number(output, subscription);
        output.Write("\r\n"u8);
    }

    /// <summary>PUB &lt;subject&gt; [reply] &lt;bytes&gt;, or HPUB with headers.</summary>
    internal static void Publish(IBufferWriter<byte> output, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        output.Write(headers.IsEmpty ? "PUB "u8 : "HPUB "u8);
        output.Write(subject);
        if (!reply.IsEmpty)
        {
            output.Write(" "u8);
            output.Write(reply);
        }

        if (!headers.IsEmpty)
        {
            Number(output, headers.Length);
        }

        Number(output, headers.Length + payload.Length);
        output.Write("\r\n"u8);
        output.Write(headers);
        output.Write(payload);
        output.Write("\r\n"u8);
    }

    private static void Number(IBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(MaxDigits + 1);
        span[0] = (byte)' ';
        Utf8Formatter.TryFormat(value, span[1..], out var written);
        output.Advance(written + 1);
    }
}

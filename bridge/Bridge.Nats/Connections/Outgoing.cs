using System.Buffers;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>A message on its way into the outgoing buffer.</summary>
internal readonly ref struct Outgoing(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _subject = subject;
    private readonly ReadOnlySpan<byte> _reply = reply;
    private readonly ReadOnlySpan<byte> _headers = headers;
    private readonly ReadOnlySpan<byte> _payload = payload;

    /// <summary>Writes one.</summary>
    internal static Action<IBufferWriter<byte>, Outgoing> Write { get; } =
        static (output, message) => FrameWriter.Publish(output, message._subject, message._reply, message._headers, message._payload);
}

using System.Buffers;
using System.Buffers.Binary;

namespace Encore.Host.Streams.WebSockets;

/// <summary>Writes frames (RFC 6455, section 5.2): unmasked and whole, as servers do.</summary>
internal static class FrameWriter
{
    private const int Final = 0x80;
    private const int Compressed = 0x40;
    private const int WriteBytes = 4096;
    private const int LongestHeader = 10;

    // A control frame has at most 125 bytes, of which a close code takes two.
    private const int LongestReason = 123;

    /// <summary>Writes a message, compressed where that was agreed.</summary>
    public static void WriteMessage(IBufferWriter<byte> output, ReadOnlySpan<byte> text, bool compresses)
    {
        if (compresses && text.Length >= Deflate.SmallestMessage)
        {
            using var compressed = Deflate.Compress(text);
            Write(output, Final | Compressed | Opcode.Text, compressed.Written);
        }
        else
        {
            Write(output, Final | Opcode.Text, text);
        }
    }

    /// <summary>Writes a message that says by its first character what it is.</summary>
    public static void WriteMessage(IBufferWriter<byte> output, byte kind, ReadOnlySpan<byte> text)
    {
        WriteHeader(output, Final | Opcode.Text, text.Length + 1);
        WritePayload(output, new ReadOnlySpan<byte>(in kind));
        WritePayload(output, text);
    }

    /// <summary>Writes a ping or a pong.</summary>
    public static void WriteControl(IBufferWriter<byte> output, int opcode, ReadOnlySpan<byte> payload) => Write(output, Final | opcode, payload);

    /// <summary>Writes a close frame; a reason that is too long is cut between characters.</summary>
    public static void WriteClose(IBufferWriter<byte> output, StreamEnd end)
    {
        if (end.Code == StreamEnd.NoCode)
        {
            Write(output, Final | Opcode.Close, []);
            return;
        }

        Span<byte> payload = stackalloc byte[2 + LongestReason];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)end.Code);
        System.Text.Unicode.Utf8.FromUtf16(end.Reason, payload[2..], out _, out var length);
        Write(output, Final | Opcode.Close, payload[..(2 + length)]);
    }

    private static void Write(IBufferWriter<byte> output, int first, ReadOnlySpan<byte> payload)
    {
        WriteHeader(output, first, payload.Length);
        WritePayload(output, payload);
    }

    private static void WriteHeader(IBufferWriter<byte> output, int first, int payloadLength)
    {
        var header = output.GetSpan(LongestHeader);
        header[0] = (byte)first;
        var length = 2;
        if (payloadLength <= 125)
        {
            header[1] = (byte)payloadLength;
        }
        else if (payloadLength <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payloadLength);
            length = 4;
        }
        else
        {
            header[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)payloadLength);
            length = 10;
        }

        output.Advance(length);
    }

    // Asked for some room, the writer of a closed connection gives it and drops what is written.
    private static void WritePayload(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            var room = output.GetSpan(Math.Min(payload.Length, WriteBytes));
            var part = payload[..Math.Min(payload.Length, room.Length)];
            part.CopyTo(room);
            output.Advance(part.Length);
            payload = payload[part.Length..];
        }
    }
}

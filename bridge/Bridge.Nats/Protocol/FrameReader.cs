using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bridge.Nats.Protocol;

/// <summary>Reads what a server sends: https://docs.nats.io/reference/reference-protocols/nats-protocol.</summary>
internal static class FrameReader
{
    // INFO names every server of a cluster; all other lines are far shorter.
    private const int MaxLine = 1 << 20;

    // What the server itself takes for the most that its operators may allow.
    private const int MaxPayload = 64 << 20;

    private const int MaxTokens = 6;

    /// <summary>Takes one operation from the beginning of a buffer.</summary>
    /// <param name="buffer">What was received; moves behind the operation.</param>
    /// <param name="frame">The operation.</param>
    /// <returns>Whether a whole one was there; nothing is taken otherwise.</returns>
    /// <exception cref="NatsProtocolException">It is none.</exception>
    internal static bool TryRead(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            return buffer.Length <= MaxLine ? false : throw new NatsProtocolException("the server sends a line without an end: it isn't a NATS server");
        }

        var line = buffer.Slice(0, end);
        if (line.Length > MaxLine)
        {
            throw new NatsProtocolException($"the server sends a line of {line.Length} bytes");
        }

        var rest = buffer.Slice(buffer.GetPosition(1, end));
        var text = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).TrimEnd((byte)'\r');
        var space = text.IndexOfAny((byte)' ', (byte)'\t');
        var name = space < 0 ? text : text[..space];
        var arguments = space < 0 ? default : text[space..].Trim(" \t"u8);
        if (Is(name, "MSG"u8) || Is(name, "HMSG"u8))
        {
            if (!TryReadMessage(arguments, name.Length == 4, ref rest, out var message))
            {
                return false;
            }

            frame = new Frame(FrameKind.Message, message);
        }
        else
        {
            frame = Simple(name, arguments);
        }

        buffer = rest;
        return true;
    }

    private static Frame Simple(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        if (Is(name, "PING"u8))
        {
            return new Frame(FrameKind.Ping);
        }

        if (Is(name, "PONG"u8))
        {
            return new Frame(FrameKind.Pong);
        }

        if (Is(name, "INFO"u8))
        {
            return new Frame(FrameKind.Info, Text: Encoding.UTF8.GetString(arguments));
        }

        if (Is(name, "-ERR"u8))
        {
            return new Frame(FrameKind.Error, Text: Encoding.UTF8.GetString(arguments.Trim((byte)'\'')));
        }

        return Is(name, "+OK"u8)
            ? new Frame(FrameKind.Ok)
            : throw new NatsProtocolException($"the server sends \"{Excerpt(name)}\", which is no operation of the NATS protocol");
    }

    // MSG <subject> <sid> [reply] <bytes>; HMSG <subject> <sid> [reply] <header bytes> <all bytes>; then the bytes and CR LF.
    private static bool TryReadMessage(ReadOnlySpan<byte> arguments, bool hasHeaders, ref ReadOnlySequence<byte> rest, out NatsMessage message)
    {
        message = default;
        Span<Range> ranges = stackalloc Range[MaxTokens];
        var count = Split(arguments, ranges);
        var sizes = hasHeaders ? 2 : 1;
        if (count != sizes + 2 && count != sizes + 3)
        {
            throw Malformed(arguments);
        }

        var total = Number(arguments[ranges[count - 1]], arguments);
        var headers = hasHeaders ? Number(arguments[ranges[count - 2]], arguments) : 0;
        var subscription = Number(arguments[ranges[1]], arguments);
        if (total > MaxPayload || headers > total)
        {
            throw Malformed(arguments);
        }

        if (rest.Length < total + 2)
        {
            return false;
        }

        var subject = arguments[ranges[0]];
        var reply = count == sizes + 3 ? arguments[ranges[2]] : default;
        var names = subject.Length + reply.Length;
        var data = GC.AllocateUninitializedArray<byte>(names + (int)total);
        subject.CopyTo(data);
        reply.CopyTo(data.AsSpan(subject.Length));
        rest.Slice(0, total).CopyTo(data.AsSpan(names));
        Span<byte> tail = stackalloc byte[2];
        rest.Slice(total, 2).CopyTo(tail);
        if (!tail.SequenceEqual("\r\n"u8))
        {
            throw new NatsProtocolException("the server sends a message that is longer than it says");
        }

        rest = rest.Slice(total + 2);
        message = new NatsMessage(data, subscription, subject.Length, names, names + (int)headers);
        return true;
    }

    private static int Split(ReadOnlySpan<byte> text, Span<Range> ranges)
    {
        var count = 0;
        var position = 0;
        while (position < text.Length)
        {
            var length = text[position..].IndexOfAny((byte)' ', (byte)'\t');
            length = length < 0 ? text.Length - position : length;
            if (length > 0)
            {
                if (count == ranges.Length)
                {
                    throw Malformed(text);
                }

                ranges[count++] = new Range(position, position + length);
            }

            position += length + 1;
        }

        return count;
    }

    private static long Number(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length && value >= 0 ? value : throw Malformed(line);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> operation) => Ascii.EqualsIgnoreCase(name, operation);

    private static NatsProtocolException Malformed(ReadOnlySpan<byte> line) => new($"the server sends a malformed message line: \"{Excerpt(line)}\"");

    private static string Excerpt(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 60)]).Select(character => char.IsControl(character) ? '?' : character));
}

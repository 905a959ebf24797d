using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;
using Bridge.Core.Buffers;

namespace Encore.Host.Streams.WebSockets;

/// <summary>Takes the frames that a client sends (RFC 6455, section 5) out of the bytes as they come, and puts messages together.</summary>
/// <remarks>Keeps nothing between messages. Thread: one at a time.</remarks>
/// <param name="limit">Bytes that a message may have.</param>
/// <param name="inflates">Whether messages may be compressed.</param>
internal sealed class FrameReader(long limit, bool inflates)
{
    private const int LongestControl = 125;
    private const int LongestHeader = 14;

    // RFC 7692, section 6: the first reserved bit of a message's first frame.
    private const int Compressed = 0x40;

    // A frame's announced length is believed up to here; what really comes makes the buffer grow.
    private const int MostRentedAhead = 64 * 1024;

    private PooledBuffer? _message;
    private bool _discards;
    private bool _isInMessage;
    private bool _isBinary;
    private bool _isCompressed;
    private bool _isInFrame;
    private bool _isFinal;
    private long _remaining;
    private uint _mask;
    private int _masked;

    /// <summary>The last <see cref="FrameEvent.Message"/>. Ownership passes to whoever takes it.</summary>
    public PooledBuffer? Message { get; private set; }

    /// <summary>What the last control frame carries: at most 125 bytes.</summary>
    public byte[] Control { get; private set; } = [];

    /// <summary>Why the stream can't go on: of a <see cref="FrameEvent.Fault"/>; of a <see cref="FrameEvent.Close"/> how to answer it.</summary>
    public StreamEnd End { get; private set; } = StreamEnd.Done;

    /// <summary>Reads up to the end of the next message or control frame.</summary>
    /// <param name="input">What has come; what was read is cut off.</param>
    /// <returns><see cref="FrameEvent.None"/> where more has to come first.</returns>
    public FrameEvent Read(ref ReadOnlySequence<byte> input)
    {
        while (true)
        {
            if (!_isInFrame)
            {
                var started = Start(ref input);
                if (started != FrameEvent.FrameStarted)
                {
                    return started;
                }
            }

            TakePayload(ref input);
            if (_remaining > 0)
            {
                return FrameEvent.None;
            }

            _isInFrame = false;
            if (_isFinal && Complete() is not FrameEvent.None and var complete)
            {
                return complete;
            }
        }
    }

    /// <summary>From now on messages are passed over, whatever they hold.</summary>
    public void Discard()
    {
        _discards = true;
        Release();
    }

    /// <summary>Gives back what was read of a message.</summary>
    public void Release()
    {
        _message?.Dispose();
        _message = null;
    }

    private FrameEvent Start(ref ReadOnlySequence<byte> input)
    {
        Span<byte> header = stackalloc byte[LongestHeader];
        var there = (int)Math.Min(input.Length, LongestHeader);
        input.Slice(0, there).CopyTo(header);
        if (there < 2)
        {
            return FrameEvent.None;
        }

        var (opcode, length) = (header[0] & 0x0f, (long)(header[1] & 0x7f));
        if (FaultOf(header[0], header[1], opcode) is { } fault)
        {
            return Fail(StreamEnd.ProtocolError, fault);
        }

        var extended = length switch { 126 => 2, 127 => 8, _ => 0 };
        var headerLength = 2 + extended + 4;
        if (there < headerLength)
        {
            return FrameEvent.None;
        }

        length = extended switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            8 => BinaryPrimitives.ReadInt64BigEndian(header[2..]),
            _ => length,
        };
        if (length < 0)
        {
            return Fail(StreamEnd.ProtocolError, "a frame's length has its highest bit set");
        }

        var mask = BinaryPrimitives.ReadUInt32LittleEndian(header[(2 + extended)..]);
        return opcode >= Opcode.Close
            ? ReadControl(ref input, opcode, headerLength, (int)length, mask)
            : StartData(ref input, header[0], opcode, headerLength, length, mask);
    }

    private FrameEvent StartData(ref ReadOnlySequence<byte> input, byte first, int opcode, int headerLength, long length, uint mask)
    {
        var isTooLarge = !_discards && length + (_message?.Length ?? 0) > limit;
        if (opcode != Opcode.Continuation)
        {
            _isInMessage = true;
            _isBinary = opcode == Opcode.Binary;
            _isCompressed = (first & Compressed) != 0;
            _message = _discards || isTooLarge ? null : new PooledBuffer((int)Math.Min(length, MostRentedAhead));
        }

        input = input.Slice(headerLength);
        (_isInFrame, _isFinal, _remaining, _mask, _masked) = (true, (first & 0x80) != 0, length, mask, 0);
        if (!isTooLarge)
        {
            return FrameEvent.FrameStarted;
        }

        Discard();
        return Fail(StreamEnd.TooLarge, $"message too large: the limit is {limit} bytes");
    }

    private FrameEvent ReadControl(ref ReadOnlySequence<byte> input, int opcode, int headerLength, int length, uint mask)
    {
        if (input.Length < headerLength + length)
        {
            return FrameEvent.None;
        }

        var payload = input.Slice(headerLength, length).ToArray();
        input = input.Slice(headerLength + length);
        Masking.Apply(payload, mask, 0);
        Control = payload;
        return opcode switch
        {
            Opcode.Ping => FrameEvent.Ping,
            Opcode.Pong => FrameEvent.Pong,
            _ => ReadClose(payload),
        };
    }

    // Sections 5.5.1 and 7.4: a code that may be sent, and a reason in UTF-8, or neither.
    private FrameEvent ReadClose(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 1)
        {
            return Fail(StreamEnd.ProtocolError, "a close frame has half a code");
        }

        var code = payload.IsEmpty ? StreamEnd.NoCode : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!payload.IsEmpty && !MayBeSent(code))
        {
            return Fail(StreamEnd.ProtocolError, $"{code} is no close code to send");
        }

        if (!payload.IsEmpty && !Utf8.IsValid(payload[2..]))
        {
            return Fail(StreamEnd.InvalidMessage, "a close frame's reason isn't UTF-8");
        }

        End = StreamEnd.Refused(code, "");
        return FrameEvent.Close;
    }

    private static bool MayBeSent(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    private string? FaultOf(byte first, byte second, int opcode)
    {
        var (isFinal, reserved, isMasked, length) = ((first & 0x80) != 0, first & 0x70, (second & 0x80) != 0, second & 0x7f);
        return opcode switch
        {
            _ when !isMasked => "a client's frames must be masked",
            > Opcode.Binary and < Opcode.Close or > Opcode.Pong => "a frame has an unknown opcode",
            >= Opcode.Close when !isFinal => "a control frame is fragmented",
            >= Opcode.Close when length > LongestControl => "a control frame is longer than 125 bytes",
            Opcode.Continuation when !_isInMessage => "a continuation without a message",
            Opcode.Text or Opcode.Binary when _isInMessage => "a message begins within another",
            _ when reserved != 0 && !(reserved == Compressed && inflates && (opcode is Opcode.Text or Opcode.Binary)) => "a frame has reserved bits set",
            _ => null,
        };
    }

    private void TakePayload(ref ReadOnlySequence<byte> input)
    {
        while (_remaining > 0 && !input.IsEmpty)
        {
            var part = input.FirstSpan;
            part = part[..(int)Math.Min(part.Length, _remaining)];
            if (_message is { } message)
            {
                var room = message.GetSpan(part.Length)[..part.Length];
                part.CopyTo(room);
                Masking.Apply(room, _mask, _masked);
                message.Advance(part.Length);
            }

            _masked = (_masked + part.Length) & 3;
            _remaining -= part.Length;
            input = input.Slice(part.Length);
        }
    }

    private FrameEvent Complete()
    {
        _isInMessage = false;
        if (_message is not { } message)
        {
            return FrameEvent.None;
        }

        _message = null;
        if (_isBinary)
        {
            message.Dispose();
            return Fail(StreamEnd.UnsupportedData, "messages are JSON in text frames");
        }

        if (_isCompressed)
        {
            var inflated = Deflate.Decompress(message, limit, out var code);
            if (inflated is null)
            {
                return Fail(code, code == StreamEnd.TooLarge ? $"message too large: the limit is {limit} bytes" : "a message isn't compressed as agreed");
            }

            message = inflated;
        }

        if (!Utf8.IsValid(message.Written))
        {
            message.Dispose();
            return Fail(StreamEnd.InvalidMessage, "a message isn't UTF-8");
        }

        Message = message;
        return FrameEvent.Message;
    }

    private FrameEvent Fail(int code, string reason)
    {
        End = StreamEnd.Refused(code, reason);
        return FrameEvent.Fault;
    }
}

/// <summary>What came of reading.</summary>
internal enum FrameEvent
{
    /// <summary>More has to come first.</summary>
    None,

    /// <summary>A data frame's payload follows.</summary>
    FrameStarted,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>The client asks whether the host is there.</summary>
    Ping,

    /// <summary>The client says that it is there.</summary>
    Pong,

    /// <summary>The client ends the stream.</summary>
    Close,

    /// <summary>What came can't be read: nothing after it is.</summary>
    Fault,
}

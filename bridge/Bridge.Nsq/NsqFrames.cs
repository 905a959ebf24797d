using System.Buffers.Binary;
using System.Text;

namespace Bridge.Nsq;

/// <summary>Kinds of frames that nsqd sends.</summary>
internal enum NsqFrameType
{
    /// <summary>The answer to a command, or a heartbeat.</summary>
    Response = 0,

    /// <summary>A command failed.</summary>
    Error = 1,

    /// <summary>A message.</summary>
    Message = 2,
}

/// <summary>A frame that nsqd sent.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Data">What is in it; a buffer of its own.</param>
internal readonly record struct NsqFrame(NsqFrameType Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>The data as text.</summary>
    public string Text => Encoding.UTF8.GetString(Data.Span);
}

/// <summary>A message as nsqd sent it.</summary>
/// <param name="Id">By which nsqd knows it: 16 hexadecimal digits.</param>
/// <param name="Attempt">How often it was sent, this time included.</param>
/// <param name="PublishedAt">When nsqd took it.</param>
/// <param name="Body">What was published.</param>
internal readonly record struct NsqMessage(string Id, int Attempt, DateTimeOffset PublishedAt, ReadOnlyMemory<byte> Body)
{
    // 8 bytes of nanoseconds, 2 of attempts, 16 of the name.
    private const int HeaderSize = 26;

    /// <summary>Reads a message's frame.</summary>
    /// <exception cref="InvalidDataException">It is too short.</exception>
    public static NsqMessage Parse(ReadOnlyMemory<byte> data)
    {
        if (data.Length < HeaderSize)
        {
            throw new InvalidDataException($"a message of {data.Length} bytes has no room for its header");
        }

        var span = data.Span;
        var nanoseconds = BinaryPrimitives.ReadInt64BigEndian(span);
        return new NsqMessage(
            Encoding.ASCII.GetString(span[10..HeaderSize]),
            BinaryPrimitives.ReadUInt16BigEndian(span[8..]),
            DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100),
            data[HeaderSize..]);
    }
}

/// <summary>Reads frames: 4 bytes of size, 4 of type, then data. Thread: one.</summary>
/// <param name="stream">Where they come from.</param>
internal sealed class NsqFrameReader(Stream stream)
{
    // nsqd's messages are 1 MiB at most unless it is set otherwise: past this it isn't nsqd that talks.
    private const int MaxSize = 256 * 1024 * 1024;

    private readonly byte[] _header = new byte[8];

    /// <summary>Waits for the next.</summary>
    /// <exception cref="EndOfStreamException">The connection has ended.</exception>
    /// <exception cref="InvalidDataException">What comes is no frame.</exception>
    public async ValueTask<NsqFrame> ReadAsync(CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(_header, cancellation);
        var size = BinaryPrimitives.ReadInt32BigEndian(_header);
        var type = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(4));
        if (size is < 4 or > MaxSize || type is < 0 or > 2)
        {
            throw new InvalidDataException($"a frame of {size} bytes and type {type} isn't nsqd's");
        }

        var data = new byte[size - 4];
        await stream.ReadExactlyAsync(data, cancellation);
        return new NsqFrame((NsqFrameType)type, data);
    }
}

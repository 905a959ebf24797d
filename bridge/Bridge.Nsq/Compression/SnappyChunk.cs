using System.Buffers.Binary;
using System.Numerics;
using Snappier;

namespace Bridge.Nsq.Compression;

/// <summary>Chunks of Snappy's framing format. Source: google/snappy, framing_format.txt.</summary>
internal static class SnappyChunk
{
    /// <summary>A byte of type, three of length.</summary>
    public const int HeaderSize = 4;

    /// <summary>How many bytes may be in one, before they are compressed.</summary>
    public const int MaxContent = 64 * 1024;

    /// <summary>The type of the chunk that a stream begins with.</summary>
    public const byte IdentifierType = 0xff;

    private const byte CompressedType = 0x00;
    private const byte PlainType = 0x01;
    private const int ChecksumSize = 4;

    /// <summary>What a stream begins with.</summary>
    public static ReadOnlySpan<byte> Identifier => [IdentifierType, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'];

    /// <summary>How long the longest chunk is, header included.</summary>
    public static int MaxSize { get; } = HeaderSize + ChecksumSize + Snappy.GetMaxCompressedLength(MaxContent);

    /// <summary>Reads a header.</summary>
    public static (byte Type, int Length) ReadHeader(ReadOnlySpan<byte> header) =>
        (header[0], BinaryPrimitives.ReadInt32LittleEndian(header) >>> 8);

    /// <summary>Whether chunks of a type say nothing to those who don't know it.</summary>
    public static bool IsSkippable(byte type) => type is >= 0x80 and < IdentifierType;

    /// <summary>Reads a chunk that isn't skippable.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">The rest of it.</param>
    /// <param name="content">Takes what is in it; has <see cref="MaxContent"/> bytes.</param>
    /// <returns>How many bytes are in it; 0 of an identifier.</returns>
    /// <exception cref="InvalidDataException">It isn't as the format says.</exception>
    public static int Read(byte type, ReadOnlySpan<byte> data, Span<byte> content)
    {
        switch (type)
        {
            case IdentifierType:
                return data.SequenceEqual(Identifier[HeaderSize..]) ? 0 : throw new InvalidDataException("it names another format");
            case CompressedType or PlainType when data.Length < ChecksumSize:
                throw new InvalidDataException($"a chunk of {data.Length} bytes has no room for its checksum");
            case CompressedType when (uint)Snappy.GetUncompressedLength(data[ChecksumSize..]) > (uint)content.Length:
                throw new InvalidDataException("a chunk holds more than 64 KiB");
            case CompressedType:
                return Check(data, content[..Snappy.Decompress(data[ChecksumSize..], content)]);
            case PlainType when data.Length - ChecksumSize > content.Length:
                throw new InvalidDataException("a chunk holds more than 64 KiB");
            case PlainType:
                data[ChecksumSize..].CopyTo(content);
                return Check(data, content[..(data.Length - ChecksumSize)]);
            default:
                throw new InvalidDataException($"a chunk is of type {type}");
        }
    }

    /// <summary>Writes a chunk, compressed where that makes it smaller.</summary>
    /// <param name="content">What goes into it: up to <see cref="MaxContent"/> bytes.</param>
    /// <param name="chunk">Takes it; has <see cref="MaxSize"/> bytes.</param>
    /// <returns>How long it is.</returns>
    public static int Write(ReadOnlySpan<byte> content, Span<byte> chunk)
    {
        var data = chunk[(HeaderSize + ChecksumSize)..];
        var length = Snappy.Compress(content, data);

        // Less than an eighth isn't worth the work at the other end: so decides nsqd, too.
        var isCompressed = length < content.Length - (content.Length / 8);
        if (!isCompressed)
        {
            content.CopyTo(data);
            length = content.Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(chunk, (ChecksumSize + length) << 8);
        chunk[0] = isCompressed ? CompressedType : PlainType;
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[HeaderSize..], ChecksumOf(content));
        return HeaderSize + ChecksumSize + length;
    }

    /// <summary>CRC-32C, turned and shifted so that checksums of what holds checksums stay good ones.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        while (content.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (var octet in content)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private static int Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadUInt32LittleEndian(data) == ChecksumOf(content)
            ? content.Length
            : throw new InvalidDataException("a chunk's checksum isn't that of its content");
}

using System.Buffers.Binary;
using System.Text;

namespace Encore.Host.Compiler.Esbuild;

/// <summary>
/// One packet of esbuild's service protocol: an id whose lowest bit tells answers from requests, and a value.
/// </summary>
/// <param name="Id">Pairs a request with its answer.</param>
/// <param name="IsRequest">Whether an answer is due.</param>
/// <param name="Value">null, bool, int, string, byte[], <see cref="List{T}"/> of values, or a dictionary by name.</param>
/// <remarks>
/// The layout is that of esbuild's <c>lib/shared/stdio_protocol.ts</c>: a kind byte, then a little-endian 32-bit number or length-prefixed bytes.
/// It is private to a version of esbuild; the service refuses to speak to any other, so a change can't go unnoticed.
/// </remarks>
internal sealed record EsbuildPacket(int Id, bool IsRequest, object? Value)
{
    private const byte NullKind = 0;
    private const byte BooleanKind = 1;
    private const byte NumberKind = 2;
    private const byte TextKind = 3;
    private const byte BytesKind = 4;
    private const byte ListKind = 5;
    private const byte ObjectKind = 6;

    /// <summary>The packet with its length in front.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(0);
        writer.Write((Id << 1) | (IsRequest ? 0 : 1));
        Write(writer, Value);
        writer.Flush();
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(int));
        return bytes;
    }

    /// <summary>Reads a packet whose length was taken off.</summary>
    /// <exception cref="EndOfStreamException">The bytes end within a value.</exception>
    /// <exception cref="InvalidDataException">A value is of no known kind.</exception>
    public static EsbuildPacket Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var id = reader.ReadUInt32();
        return new EsbuildPacket((int)(id >> 1), (id & 1) == 0, Read(reader));
    }

    private static void Write(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Write(NullKind);
                break;
            case bool boolean:
                writer.Write(BooleanKind);
                writer.Write(boolean);
                break;
            case int number:
                writer.Write(NumberKind);
                writer.Write(number);
                break;
            case string text:
                writer.Write(TextKind);
                WriteBytes(writer, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                writer.Write(BytesKind);
                WriteBytes(writer, bytes);
                break;
            case IReadOnlyDictionary<string, object?> members:
                writer.Write(ObjectKind);
                writer.Write(members.Count);
                foreach (var (name, member) in members)
                {
                    WriteBytes(writer, Encoding.UTF8.GetBytes(name));
                    Write(writer, member);
                }

                break;
            case IEnumerable<object?> items:
                var list = items.ToList();
                writer.Write(ListKind);
                writer.Write(list.Count);
                list.ForEach(item => Write(writer, item));
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no form in the protocol.", nameof(value));
        }
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static object? Read(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        return kind switch
        {
            NullKind => null,
            BooleanKind => reader.ReadByte() != 0,
            NumberKind => reader.ReadInt32(),
            TextKind => Encoding.UTF8.GetString(ReadBytes(reader)),
            BytesKind => ReadBytes(reader),
            ListKind => ReadList(reader),
            ObjectKind => ReadObject(reader),
            _ => throw new InvalidDataException($"esbuild sent a value of kind {kind}."),
        };
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static List<object?> ReadList(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var items = new List<object?>();
        for (var index = 0; index < count; index++)
        {
            items.Add(Read(reader));
        }

        return items;
    }

    private static Dictionary<string, object?> ReadObject(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var name = Encoding.UTF8.GetString(ReadBytes(reader));
            members[name] = Read(reader);
        }

        return members;
    }
}

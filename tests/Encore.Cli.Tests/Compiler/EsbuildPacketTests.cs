using System.Buffers.Binary;
using Encore.Host.Compiler.Esbuild;

namespace Encore.Cli.Tests.Compiler;

public sealed class EsbuildPacketTests
{
    [Fact]
    public void Decode_OfEncode_GivesTheSame()
    {
        var value = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["null"] = null,
            ["yes"] = true,
            ["no"] = false,
            ["number"] = -7,
            ["text"] = "日本 \"x\"",
            ["bytes"] = new byte[] { 0, 255, 7 },
            ["list"] = new List<object?> { 1, "two", new List<object?>() },
            ["object"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["inner"] = "x" },
        };

        var bytes = new EsbuildPacket(21, IsRequest: true, value).Encode();
        var packet = EsbuildPacket.Decode(bytes[sizeof(int)..]);

        Assert.Equal(bytes.Length - sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(bytes));
        Assert.Equal((21, true), (packet.Id, packet.IsRequest));
        Assert.Equivalent(value, packet.Value, strict: true);
    }

    [Fact]
    public void Decode_PacketCutShort_Throws()
    {
        var bytes = new EsbuildPacket(1, IsRequest: false, new List<object?> { "some text", 5 }).Encode()[sizeof(int)..];

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.ThrowsAny<IOException>(() => EsbuildPacket.Decode(bytes[..length]));
        }
    }

    [Fact]
    public void Decode_UnknownKind_Throws() => Assert.Throws<InvalidDataException>(() => EsbuildPacket.Decode([0, 0, 0, 0, 9]));
}

using System.IO.Compression;
using System.Text;
using Bridge.Nsq.Compression;
using Snappier;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>Snappy's framing format.</summary>
public sealed class SnappyTransportTests
{
    private const string Identifier = "ff060000734e61507059";

    // As in the tests of Go's library, which nsqd uses.
    private const string Abcd = "010800006810e6b661626364";

    [Theory]
    [InlineData(Identifier, "")]
    [InlineData(Identifier + Abcd, "abcd")]
    [InlineData(Identifier + Abcd + Identifier + Abcd, "abcdabcd")]
    [InlineData(Identifier + "fe050000aabbccddee" + Abcd + "80000000" + "fe00000000" + "", null)]
    [InlineData(Identifier + "fe050000aabbccddee" + Abcd + "80000000" + Abcd, "abcdabcd")]
    [InlineData("", "")]
    public async Task Read_WholeOrByteByByte_GivesTheSame(string hex, string? text)
    {
        var bytes = Convert.FromHexString(hex);
        for (var step = 1; step <= bytes.Length + 1; step++)
        {
            await using var stream = new SnappyTransport(new Slow(bytes, step));
            if (text is null)
            {
                await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAllAsync(stream));
            }
            else
            {
                Assert.Equal(text, Encoding.ASCII.GetString(await ReadAllAsync(stream)));
            }
        }
    }

    [Theory]
    [InlineData(Abcd, "format's name")]
    [InlineData("ff060000734e61507058", "another format")]
    [InlineData("ff050000734e615070", "another format")]
    [InlineData(Identifier + "010800006810e6b661626365", "checksum")]
    [InlineData(Identifier + "010800006811e6b661626364", "checksum")]
    [InlineData(Identifier + "0003000061626364", "no room")]
    [InlineData(Identifier + "02040000aabbccdd", "type 2")]
    [InlineData(Identifier + "7f04000061626364", "type 127")]
    [InlineData(Identifier + "01ffffff61626364", "has 16777215 bytes")]
    [InlineData(Identifier + "000900006810e6b6ffffffff0f", "more than 64 KiB")]
    [InlineData(Identifier + "000700006810e6b6818004", "more than 64 KiB")]
    [InlineData(Identifier + "000500006810e6b604", null)]
    [InlineData(Identifier + "000400006810e6b6", null)]
    public async Task Read_OfWhatIsNoSnappy_SaysWhy(string hex, string? reason)
    {
        await using var stream = new SnappyTransport(new MemoryStream(Convert.FromHexString(hex)));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync(stream));
        Assert.StartsWith("what came isn't compressed by snappy: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason ?? "", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfBytesByChance_GivesThemOrRefuses()
    {
        var random = new Random(7);
        var whole = await CompressAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(number => $"{number % 17} and "))));
        for (var round = 0; round < 3000; round++)
        {
            var bytes = whole.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(Identifier.Length / 2, bytes.Length)] = (byte)random.Next(256);
            }

            await using var stream = new SnappyTransport(new MemoryStream(bytes, 0, random.Next(bytes.Length + 1)));
            var error = await Record.ExceptionAsync(() => ReadAllAsync(stream));
            Assert.True(error is null or InvalidDataException or EndOfStreamException, $"{round}: {error}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task WriteAndRead_WithAnothersStream_AreTheSame(int size)
    {
        var noise = new byte[size];
        new Random(size).NextBytes(noise);
        foreach (var bytes in new[] { noise, [.. noise.Select(octet => (byte)(octet & 1))] })
        {
            using var written = new MemoryStream();
            await using (var ours = new SnappyTransport(written))
            {
                await ours.WriteAsync(bytes);
                await ours.FlushAsync();
            }

            await using var theirs = new SnappyStream(new MemoryStream(written.ToArray()), CompressionMode.Decompress);
            using var read = new MemoryStream();
            await theirs.CopyToAsync(read);
            Assert.Equal(bytes, read.ToArray());
            await using var back = new SnappyTransport(new Slow(await CompressAsync(bytes), 4099));
            Assert.Equal(bytes, await ReadAllAsync(back));
        }
    }

    [Fact]
    public void Checksum_IsTheSpecifications()
    {
        var bytes = new byte[100];
        new Random(3).NextBytes(bytes);
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Equal(FakeSnappyReader.Checksum(bytes.AsSpan(0, length)), SnappyChunk.ChecksumOf(bytes.AsSpan(0, length))));
    }

    [Fact]
    public async Task Dispose_EndsTheConnection_AndNothingIsReadAfter()
    {
        var transport = new MemoryStream();
        var stream = new SnappyTransport(transport);
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.False(transport.CanRead);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => Assert.Fail($"{await stream.ReadAtLeastAsync(new byte[1], 1)}"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.FlushAsync());
    }

    private static async Task<byte[]> CompressAsync(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        await using (var encoder = new SnappyStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            await encoder.WriteAsync(bytes);
        }

        return compressed.ToArray();
    }

    private static async Task<byte[]> ReadAllAsync(SnappyTransport stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Slow(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}

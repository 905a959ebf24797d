using Encore.Host.Logging;

namespace Encore.Host.Tests.Logging;

public sealed class TraceIdTests
{
    [Theory]
    [InlineData("00000000000000000000000000000001", "00000000000000000000000004")]
    [InlineData("ffffffffffffffffffffffffffffffff", "vvvvvvvvvvvvvvvvvvvvvvvvvs")]
    [InlineData("80000000000000000000000000000000", "g0000000000000000000000000")]
    [InlineData("0af7651916cd43dd8448eb211c80319c", "1brma68mpl1tr128tcghp01hjg")]
    public void ToString_KnownBits_AreBase32HexOfTheBytes(string hex, string expected)
    {
        var trace = TraceId.FromTraceParent($"00-{hex}-b7ad6b7169203331-01");

        Assert.Equal(expected, trace.ToString());
        Assert.Equal(Base32Hex(Convert.FromHexString(hex)), trace.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01")]
    public void FromTraceParent_Invalid_IsAbsent(string header) =>
        Assert.False(TraceId.FromTraceParent(header).IsPresent);

    [Fact]
    public void FromTraceParent_LaterVersion_MayHaveMore() =>
        Assert.True(TraceId.FromTraceParent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more").IsPresent);

    [Fact]
    public void Create_Often_IsUnique() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => TraceId.Create().ToString()).Distinct(StringComparer.Ordinal).Count());

    private static string Base32Hex(byte[] bytes)
    {
        var bits = string.Concat(bytes.Select(value => Convert.ToString(value, 2).PadLeft(8, '0'))).PadRight(130, '0');
        return string.Concat(bits.Chunk(5).Select(chunk => "0123456789abcdefghijklmnopqrstuv"[Convert.ToInt32(new string(chunk), 2)]));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Bridge.Core.Buffers;
using Encore.Host.Http;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Encore.Host.Tests.Http;

/// <summary>What only Zstandard has; what is the same of all encodings is in <see cref="CompressionTests"/>.</summary>
public sealed class ZstdTests(EdgeFixture fixture) : IClassFixture<EdgeFixture>
{
    private const string Body = """{"text":"a body"}""";

    // The first bytes of each frame.
    private static readonly byte[] Magic = [0x28, 0xb5, 0x2f, 0xfd];

    private readonly TestHost _host = fixture.Host;

    [Fact]
    public async Task Get_ManyAtATime_AreAllWhole()
    {
        using var client = new HttpClient();
        var lengths = Enumerable.Range(0, 60).Select(number => 2048 << (number % 8)).ToArray();

        var texts = await Task.WhenAll(lengths.Select(async length =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_host.Address}/text?length={length}");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd");
            using var response = await client.SendAsync(request);
            Assert.Equal("zstd", Assert.Single(response.Content.Headers.ContentEncoding));
            var bytes = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
            Assert.Equal(Magic, bytes[..4]);
            using var decompressor = new Decompressor();
            return Encoding.UTF8.GetString(decompressor.Unwrap(bytes));
        }));

        Assert.Equal(lengths.Select(length => $$"""{"text":"{{string.Concat(Enumerable.Repeat("abcdefgh", length / 8))}}"}"""), texts);
    }

    [Fact]
    public void TryEncode_WhatNothingIsSavedOf_IsFalse_AndTheNextIsCompressed()
    {
        using var output = new PooledBuffer();

        Assert.False(ZstdEncoder.TryEncode(RandomNumberGenerator.GetBytes(4096), output));
        Assert.Equal(0, output.Length);
        Assert.True(ZstdEncoder.TryEncode(new byte[4096], output));
        using var decompressor = new Decompressor();
        Assert.Equal(new byte[4096], decompressor.Unwrap(output.Written).ToArray());
    }

    [Fact]
    public async Task Post_SeveralFrames_AreOneBody() =>
        Assert.Equal((HttpStatusCode.OK, Body), await PostAsync([.. Frame(Body[..5]), .. Skippable(20), .. Frame(Body[5..]), .. Skippable(0)]));

    [Fact]
    public async Task Post_FrameThatDoesNotSayItsLength_IsDecoded()
    {
        using var output = new MemoryStream();
        await using (var encoder = new CompressionStream(output))
        {
            foreach (var octet in Encoding.UTF8.GetBytes(Body))
            {
                encoder.WriteByte(octet);
                await encoder.FlushAsync();
            }
        }

        Assert.Equal((HttpStatusCode.OK, Body), await PostAsync(output.ToArray()));
    }

    [Theory]
    [InlineData(23, HttpStatusCode.OK)]
    [InlineData(24, HttpStatusCode.BadRequest)]
    [InlineData(31, HttpStatusCode.BadRequest)]
    public async Task Post_Window_IsOfEightMebibytesAtMost(int windowLog, HttpStatusCode status)
    {
        using var output = new MemoryStream();
        await using (var encoder = new CompressionStream(output))
        {
            encoder.Write(Encoding.UTF8.GetBytes(Body));
        }

        // A frame whose header has the window's size and not the body's: its exponent less ten is in the upper five bits.
        var bytes = output.ToArray();
        Assert.Equal(0, bytes[4] & 0xe0);
        bytes[5] = (byte)((windowLog - 10) << 3);

        Assert.Equal(status, (await PostAsync(bytes)).Status);
    }

    [Fact]
    public async Task Post_CutAnywhere_IsInvalidArgument()
    {
        var whole = Frame(Body);
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(whole[..length])).Status);
        }

        Assert.Equal((HttpStatusCode.OK, Body), await PostAsync(whole));
    }

    [Fact]
    public async Task Post_BytesByChance_AreDecodedOrRefused()
    {
        var random = new Random(11);
        var whole = Frame($$"""{"text":"{{string.Concat(Enumerable.Range(0, 200).Select(number => $"{number % 13} and "))}}"}""");
        for (var round = 0; round < 300; round++)
        {
            var bytes = whole.ToArray();
            bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);

            Assert.True((await PostAsync(bytes)).Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{round}");
        }
    }

    [Fact]
    public async Task Library_IsLoadedForTheFirstWhoAsks_AndNoEarlier()
    {
        const string Library = "ZstdSharp.dll";
        using var host = await HostProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.Address}") };
        foreach (var accepts in new[] { "br", "gzip", "*", "zstd;q=0" })
        {
            await GetAsync(client, accepts);
        }

        Assert.False(host.HasLoaded(Library));
        Assert.Equal("zstd", await GetAsync(client, "zstd, br, gzip"));
        Assert.True(host.HasLoaded(Library));
    }

    private static async Task<string?> GetAsync(HttpClient client, string accepts)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/produce?length=4000");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Content.Headers.ContentEncoding.SingleOrDefault();
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add("zstd");
        using var client = new HttpClient();
        using var response = await client.PostAsync($"http://{_host.Address}/echo", content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    // With a checksum, so that no changed byte goes unseen.
    private static byte[] Frame(string text)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private static byte[] Skippable(int length) => [0x50, 0x2a, 0x4d, 0x18, (byte)length, 0, 0, 0, .. new byte[length]];
}

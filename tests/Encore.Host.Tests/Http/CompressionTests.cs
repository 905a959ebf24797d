using System.IO.Compression;
using System.Net;
using System.Text;
using Encore.Host.Configuration.Infrastructure;
using ZstdSharp;

namespace Encore.Host.Tests.Http;

/// <summary>Which answers are compressed, how, and what caches are told; bodies that clients compress.</summary>
public sealed class CompressionTests(EdgeFixture fixture) : IClassFixture<EdgeFixture>
{
    private readonly TestHost _host = fixture.Host;

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("zstd", "zstd")]
    [InlineData("ZStd", "zstd")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip, deflate, br, zstd", "zstd")]
    [InlineData("gzip;q=0.5, br;q=0.5, zstd;q=0.5", "zstd")]
    [InlineData("br, zstd;q=0.9", "br")]
    [InlineData("gzip, zstd;q=0.9", "gzip")]
    [InlineData("br;q=0.5, zstd;q=0.6, gzip;q=0.4", "zstd")]
    [InlineData("zstd;q=0, gzip, br", "br")]
    [InlineData("zstd, *;q=0", "zstd")]
    [InlineData("*, zstd;q=0.5", "br")]
    [InlineData("zstd;q=0, *", "br")]
    [InlineData("identity;q=0.8, zstd;q=0.5", null)]
    [InlineData("gzip;q=1.0, br;q=0.5", "gzip")]
    [InlineData("gzip;q=0.5,br;q=0.5", "br")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("gzip, identity;q=0", "gzip")]
    [InlineData("identity;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("identity;q=0.8, gzip;q=0.5", null)]
    [InlineData("identity", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData("gzip;q=0, br;q=0.000", null)]
    [InlineData("*;q=0", null)]
    [InlineData("gzip;q=2", null)]
    [InlineData("gzip;level=9", null)]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    public async Task Get_AcceptEncoding_DecidesTheEncoding(string accepts, string? encoding)
    {
        var (status, answered, vary, text) = await GetAsync("/text?length=8000", accepts);

        Assert.Equal((200, encoding, "Accept-Encoding"), (status, answered, vary));
        Assert.Equal($$"""{"text":"{{string.Concat(Enumerable.Repeat("abcdefgh", 1000))}}"}""", text);
    }

    [Fact]
    public async Task Get_NoAcceptEncoding_IsPlainAndVaries()
    {
        var response = await _host.GetAsync("/text?length=8000");

        Assert.Equal((null, "Accept-Encoding", "8011"), (response["Content-Encoding"], response["Vary"], response["Content-Length"]));
    }

    [Fact]
    public async Task Get_ShortAnswer_IsPlainAndDoesNotVary()
    {
        var response = await _host.GetAsync("/text?length=64", "Accept-Encoding: gzip, br\r\n");

        Assert.Equal((null, null), (response["Content-Encoding"], response["Vary"]));
    }

    [Fact]
    public async Task Head_LongAnswer_IsNeverCompressed()
    {
        var response = await _host.SendAsync("HEAD /text?length=8000 HTTP/1.1\r\nHost: test\r\nAccept-Encoding: br\r\n\r\n");

        Assert.Equal((200, null, "8011", "Accept-Encoding"), (response.Status, response["Content-Encoding"], response["Content-Length"], response["Vary"]));
    }

    [Theory]
    [InlineData(false, 1024, 8000, null)]
    [InlineData(true, 100_000, 8000, null)]
    [InlineData(true, 10, 64, "br")]
    public async Task Get_Configured_FollowsTheConfiguration(bool enabled, int minBytes, int length, string? encoding)
    {
        var http = new HttpConfig { Compression = new CompressionConfig { Enabled = enabled, MinBytes = minBytes } };
        await using var host = await TestHost.StartAsync(
            TestHost.Options with { Infrastructure = new InfrastructureConfig { Http = http } }, EdgeApp.Create());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Address}/text?length={length}");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");

        using var response = await client.SendAsync(request);

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task Post_EncodedBody_IsDecoded(string encoding)
    {
        using var content = new ByteArrayContent(Encode(encoding, """{"text":"héllo"}"""));
        content.Headers.ContentEncoding.Add(encoding);
        using var client = new HttpClient();

        using var response = await client.PostAsync($"http://{_host.Address}/echo", content);

        Assert.Equal((HttpStatusCode.OK, """{"text":"héllo"}"""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task Post_SmallBodyThatGrows_IsTooLarge(string encoding)
    {
        var bomb = Encode(encoding, $$"""{"text":"{{new string('x', 50_000_000)}}"}""");
        using var content = new ByteArrayContent(bomb);
        content.Headers.ContentEncoding.Add(encoding);
        using var client = new HttpClient();

        using var response = await client.PostAsync($"http://{_host.Address}/echo", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("zstd, gzip")]
    [InlineData("rot13")]
    public async Task Post_UnknownEncoding_Is415AndTellsTheKnownOnes(string encoding)
    {
        var response = await _host.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\n{{}}");

        response.AssertRefusal(
            415, "invalid_argument", "request body encoded in a way that isn't supported: send it plain, or with one of gzip, br, zstd, deflate");
        Assert.Equal("gzip, br, zstd, deflate", response["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Post_BrokenEncoding_IsInvalidArgumentAndKeepsTheHostAlive(string encoding)
    {
        var response = await _host.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Encoding: {encoding}\r\nContent-Length: 11\r\n\r\nnot encoded");

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
        Assert.Equal(200, (await _host.GetAsync("/plain")).Status);
    }

    [Fact]
    public async Task Post_IdentityEncoding_IsPlain()
    {
        const string Body = """{"text":"a"}""";
        var response = await _host.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Encoding: identity\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Equal(Body, response.Body);
    }

    private async Task<(int Status, string? Encoding, string? Vary, string Text)> GetAsync(string target, string accepts)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_host.Address}{target}");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using var response = await client.SendAsync(request);
        var encoding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        var stream = await response.Content.ReadAsStreamAsync();
        await using var decoded = encoding switch
        {
            "br" => new BrotliStream(stream, CompressionMode.Decompress),
            "gzip" => new GZipStream(stream, CompressionMode.Decompress),
            "zstd" => new DecompressionStream(stream),
            _ => stream,
        };
        using var reader = new StreamReader(decoded);
        return ((int)response.StatusCode, encoding, response.Headers.Vary.SingleOrDefault(), await reader.ReadToEndAsync());
    }

    private static byte[] Encode(string encoding, string text)
    {
        using var output = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(output, CompressionMode.Compress),
            "br" => new BrotliStream(output, CompressionMode.Compress),
            "zstd" => new CompressionStream(output),
            _ => new ZLibStream(output, CompressionMode.Compress),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }
}

using System.Text;

namespace Encore.Host.Tests.Http;

/// <summary>Requests that must be refused: each gets the answer of the contract, nothing reaches JavaScript, and the host lives.</summary>
[Collection(HostCollection.Name)]
public sealed class BadInputTests(HostFixture fixture) : IAsyncLifetime
{
    private readonly TestHost _host = fixture.Host;
    private readonly long _callsBefore = fixture.Host.Isolate.HandlerCalls;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Assert.Equal(_callsBefore, _host.Isolate.HandlerCalls);
        Assert.Equal(200, (await _host.GetAsync("/hello")).Status);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/")]
    [InlineData("/hidden")]
    [InlineData("/hello/x")]
    [InlineData("//hello")]
    [InlineData("/__encore/nothing")]
    [InlineData("http://test")]
    [InlineData("/items/")]
    public async Task Get_UnknownPath_IsNotFound(string target) =>
        (await _host.GetAsync(target)).AssertRefusal(404, "not_found", "endpoint not found");

    [Theory]
    [InlineData("POST", "/hello", "GET, HEAD")]
    [InlineData("DELETE", "/items/1", "GET, HEAD, PUT")]
    [InlineData("BREW", "/items/1", "GET, HEAD, PUT")]
    [InlineData("BREW", "/any", "GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH")]
    public async Task Send_WrongMethod_IsNotFoundAndTellsTheRightOnes(string method, string path, string allow)
    {
        var response = await _host.SendAsync($"{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");

        response.AssertRefusal(404, "not_found", "no route for method");
        Assert.Equal(allow, response["Allow"]);
    }

    [Fact]
    public async Task Send_WrongMethodOfHiddenEndpoint_TellsNothing()
    {
        var response = await _host.SendAsync("POST /hidden HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");

        response.AssertRefusal(404, "not_found", "endpoint not found");
        Assert.Null(response["Allow"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"name":"a""")]
    [InlineData("""{"name":"a"}}""")]
    [InlineData("""{"name":"a"} x""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":}""")]
    [InlineData("""{'name':'a'}""")]
    [InlineData("""{"name":"a",}""")]
    [InlineData("""{"name":"\x"}""")]
    [InlineData("""{"name":"a","count":1e999999}""")]
    [InlineData("""{"name":"a","count":NaN}""")]
    [InlineData("""{"name":"a","count":01}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\u0000")]
    [InlineData("\uFEFF{}")]
    public async Task Post_MalformedBody_IsInvalidArgument(string body)
    {
        var response = await _host.PostAsync("/echo", body);

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
        Assert.StartsWith("unable to decode request body", response.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(response.Json.GetProperty("details").GetProperty("violations").EnumerateArray());
        Assert.Equal("private, no-store", response["Cache-Control"]);
    }

    [Theory]
    [InlineData("""{"name":7}""", "/name")]
    [InlineData("""{"count":1}""", "/name")]
    [InlineData("""{"name":"a","count":"1"}""", "/count")]
    [InlineData("""{"name":"a","count":null}""", "/count")]
    [InlineData("""{"name":"a","tags":["x",1]}""", "/tags/1")]
    public async Task Post_WrongType_NamesThePlace(string body, string path)
    {
        var response = await _host.PostAsync("/echo", body);

        Assert.Equal(400, response.Status);
        var violation = Assert.Single(response.Json.GetProperty("details").GetProperty("violations").EnumerateArray());
        Assert.Equal(("body", path), (violation.GetProperty("in").GetString(), violation.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Post_SeveralMistakes_TellsAll()
    {
        var response = await _host.PostAsync("/echo", """{"name":7,"count":"1","tags":[2]}""");

        Assert.Equal(3, response.Json.GetProperty("details").GetProperty("violations").GetArrayLength());
    }

    [Theory]
    [InlineData("/items/x")]
    [InlineData("/items/7?limit=x")]
    [InlineData("/items/%")]
    [InlineData("/items/%ff")]
    [InlineData("/items/1e999")]
    public async Task Get_WrongPathOrQuery_IsInvalidArgument(string target)
    {
        var response = await _host.GetAsync(target);

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData('[', 1_000_000)]
    [InlineData('{', 1_000_000)]
    public async Task Post_DepthBomb_IsInvalidArgument(char opener, int depth)
    {
        var bomb = opener == '[' ? new string('[', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth / 5));

        var response = await _host.PostAsync("/echo", $$"""{"name":"a","data":{{bomb}}""");

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    public async Task Post_InvalidUtf8_IsInvalidArgument(byte[] bytes)
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {11 + bytes.Length}\r\n\r\n");
        await connection.SendAsync((byte[])[.. "{\"name\":\""u8, .. bytes, .. "\"}"u8]);

        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
    }

    [Theory]
    [InlineData(TestApplication.SmallLimit + 1)]
    [InlineData(100_000)]
    [InlineData(100_000_000)]
    public async Task Post_DeclaredTooLarge_IsRefusedUnread(int length)
    {
        var response = await _host.SendAsync($"POST /small HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\n\r\n");

        response.AssertRefusal(413, "invalid_argument", "request body too large: the limit is 64 bytes");
    }

    [Fact]
    public async Task Post_ChunkedTooLarge_IsRefused()
    {
        var chunk = new string('x', 0x50);

        var response = await _host.SendAsync($"POST /small HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{chunk}\r\n50\r\n{chunk}\r\n0\r\n\r\n");

        response.AssertRefusal(413, "invalid_argument", "request body too large: the limit is 64 bytes");
    }

    [Fact]
    public async Task Post_AboveTheDefaultLimit_IsRefused()
    {
        var response = await _host.PostAsync("/large", $$"""{"text":"{{new string('x', 2 * 1024 * 1024)}}"}""");

        response.AssertRefusal(413, "invalid_argument", "request body too large: the limit is 2097152 bytes");
    }

    [Fact]
    public async Task Post_TruncatedBody_EndsTheConnection()
    {
        // The server takes an end of sending for the client's leaving, so there is nobody to answer.
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{\"name\":\"a\"}");
        connection.EndSending();

        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Post_LengthTooShort_DecodesThatMuchAndRefusesTheRest()
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n{\"name\":\"a\"}\r\n\r\n");

        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        await connection.AssertClosedAsync();
    }

    [Theory]
    [InlineData("zz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("5\r\nab\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\nab")]
    public async Task Post_BrokenChunks_IsInvalidArgument(string chunks)
    {
        var response = await _host.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");

        Assert.Equal((400, "invalid_argument"), (response.Status, response.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Post_SlowBody_TimesOut()
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n{");

        (await connection.ReceiveAsync()).AssertRefusal(408, "deadline_exceeded", "request body received too slowly");
    }

    [Fact]
    public async Task Send_OversizedHeaders_Is431()
    {
        var response = await _host.GetAsync("/hello", $"x-big: {new string('x', 40_000)}\r\n");

        Assert.Equal(431, response.Status);
    }

    [Fact]
    public async Task Send_OversizedTarget_Is414()
    {
        var response = await _host.GetAsync("/hello?" + new string('x', 20_000));

        Assert.Equal(414, response.Status);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET /hello\r\n\r\n")]
    [InlineData("GET hello HTTP/1.1\r\nHost: test\r\n\r\n", 405)]
    [InlineData("GET http://elsewhere/hello HTTP/1.1\r\nHost: test\r\n\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\n\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: test\r\nHost: other\r\n\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: test\r\nbroken header\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: ten\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: test\r\n\r\n")]
    public async Task Send_MalformedHttp_IsRefusedAndTheEndOfTheConnection(string request, int status = 400)
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync(request);

        Assert.Equal(status, (await connection.ReceiveAsync()).Status);
        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Send_LengthAndChunks_DoesNotSmuggle()
    {
        // RFC 9112, section 6.3: the chunks count, and the connection ends, so that the rest can't be taken for another request.
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync(
            "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Send_OneBadAmongPipelined_OnlyThatIsRefused()
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\nGET /items/x HTTP/1.1\r\nHost: a\r\n\r\nGET /__encore/healthz HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(404, (await connection.ReceiveAsync()).Status);
        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Post_RefusedBodyFollowedByAnotherRequest_KeepsTheConnection()
    {
        await using var connection = await _host.ConnectAsync();
        var body = new string('x', TestApplication.SmallLimit * 2);
        await connection.SendAsync($"POST /small HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n{body}GET /__encore/healthz HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal(413, (await connection.ReceiveAsync()).Status);
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Post_RandomBytes_NeverReachTheHandlerOrEndTheHost()
    {
        var random = new Random(20_240_901);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            await using var connection = await _host.ConnectAsync();
            await connection.SendAsync(Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes.Length}\r\n\r\n"));
            await connection.SendAsync(bytes);

            Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        }
    }
}

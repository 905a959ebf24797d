using System.Text.Json;

namespace Encore.Host.Tests.Http;

/// <summary>What clients of a healthy application see.</summary>
[Collection(HostCollection.Name)]
public sealed class AnswerTests(HostFixture fixture)
{
    private readonly TestHost _host = fixture.Host;

    [Fact]
    public async Task Get_Typed_IsJsonWithLengthAndTrace()
    {
        var response = await _host.GetAsync("/hello");

        Assert.Equal((200, """{"message":"hi"}"""), (response.Status, response.Body));
        Assert.Equal("application/json", response["Content-Type"]);
        Assert.Equal("16", response["Content-Length"]);
        Assert.Matches("^[0-9a-v]{26}$", response.Trace);
        Assert.Null(response["Server"]);
        Assert.Null(response["Cache-Control"]);
        Assert.NotNull(response["Date"]);
    }

    [Theory]
    [InlineData("/items/7", """{"id":7,"limit":null}""")]
    [InlineData("/items/7/", """{"id":7,"limit":null}""")]
    [InlineData("/items/%37?limit=3&unknown=x", """{"id":7,"limit":3}""")]
    [InlineData("http://test/items/7?limit=3", """{"id":7,"limit":3}""")]
    [InlineData("/files/a/b%20c", """{"path":"a/b c"}""")]
    public async Task Get_PathAndQuery_ReachTheHandler(string target, string body)
    {
        var response = await _host.GetAsync(target);

        Assert.Equal((200, body), (response.Status, response.Body));
    }

    [Theory]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"ünïcödé 🎉","count":1.5,"tags":["x","y"],"data":{"deep":[1,null,true]}}""")]
    public async Task Post_Body_ReachesTheHandler(string body)
    {
        var response = await _host.PostAsync("/echo", body);

        Assert.Equal((200, body), (response.Status, response.Body));
    }

    [Fact]
    public async Task Post_Chunked_IsOneBody()
    {
        var response = await _host.SendAsync(
            "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"name\":\"\r\n3\r\nabc\r\n2\r\n\"}\r\n0\r\n\r\n");

        Assert.Equal((200, """{"name":"abc"}"""), (response.Status, response.Body));
    }

    [Fact]
    public async Task Post_InPieces_IsOneBody()
    {
        await using var connection = await _host.ConnectAsync();
        var body = """{"name":"abc"}""";
        await connection.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        foreach (var c in body)
        {
            await connection.SendAsync(c.ToString());
        }

        Assert.Equal(body, (await connection.ReceiveAsync()).Body);
    }

    [Theory]
    [InlineData("/large", 100)]
    [InlineData("/large", 10_000)]
    [InlineData("/large", 2_000_000)]
    [InlineData("/unlimited", 5_000_000)]
    public async Task Post_AnySizeWithinTheLimit_Arrives(string path, int length)
    {
        var response = await _host.PostAsync(path, $$"""{"text":"{{new string('x', length)}}"}""");

        Assert.Equal((200, $$"""{"length":{{length}}}"""), (response.Status, response.Body));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_000)]
    [InlineData(400_000)]
    public async Task Get_LargeAnswer_Arrives(int length)
    {
        var response = await _host.GetAsync($"/produce?length={length}");

        Assert.Equal(new string('é', length), response.Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Get_NoResponseType_IsEmptyWithoutContentType()
    {
        var response = await _host.GetAsync("/nothing");

        Assert.Equal((200, ""), (response.Status, response.Body));
        Assert.Equal("0", response["Content-Length"]);
        Assert.Null(response["Content-Type"]);
    }

    [Fact]
    public async Task Get_HeaderAndStatusFields_LeaveTheBody()
    {
        var response = await _host.GetAsync("/created");

        Assert.Equal((201, """{"id":7}""", "/items/7"), (response.Status, response.Body, response["Location"]));
    }

    [Fact]
    public async Task Get_NoContent_HasNeitherBodyNorLength()
    {
        var response = await _host.GetAsync("/empty");

        Assert.Equal((204, null, null), (response.Status, response["Content-Length"], response["Content-Type"]));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task AnyMethod_DeclaredWithStar_IsServed(string method)
    {
        var response = await _host.SendAsync($"{method} /any HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((200, """{"message":"any"}"""), (response.Status, response.Body));
    }

    [Fact]
    public async Task Get_Pipelined_AnswersInOrder()
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync(string.Concat(Enumerable.Range(1, 50).Select(id => $"GET /items/{id} HTTP/1.1\r\nHost: test\r\n\r\n")));

        for (var id = 1; id <= 50; id++)
        {
            Assert.Equal(id, (await connection.ReceiveAsync()).Json.GetProperty("id").GetInt32());
        }
    }

    [Fact]
    public async Task Get_ManyConnections_GetTheirOwnAnswers()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async worker =>
        {
            await using var connection = await _host.ConnectAsync();
            for (var i = 0; i < 50; i++)
            {
                var body = $$"""{"name":"{{worker}}-{{i}}"}""";
                await connection.SendAsync($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                Assert.Equal(body, (await connection.ReceiveAsync()).Body);
            }
        }));
    }

    [Fact]
    public async Task Get_TraceParent_IsTheTrace()
    {
        var response = await _host.GetAsync("/hello", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");

        Assert.Equal("1brma68mpl1tr128tcghp01hjg", response.Trace);
    }

    [Fact]
    public async Task Get_InvalidTraceParent_GetsANewTrace()
    {
        var first = await _host.GetAsync("/hello", "traceparent: 00-zz\r\n");
        var second = await _host.GetAsync("/hello", "traceparent: 00-zz\r\n");

        Assert.NotEqual(first.Trace, second.Trace);
    }

    [Fact]
    public async Task Get_HandlerThrows_IsInternalAndLogged()
    {
        var response = await _host.GetAsync("/fail");

        response.AssertError(500, "internal", "an internal error occurred");
        Assert.Equal("TypeError: secret cause", response.Json.GetProperty("internal_message").GetString());
        var failed = Assert.Single(_host.LoggedOf(response), line => line.GetProperty("message").GetString() == "request failed");
        Assert.Equal("error", failed.GetProperty("level").GetString());
        Assert.Equal("TypeError: secret cause", failed.GetProperty("error").GetString());
        Assert.Contains("app.js", failed.GetProperty("stack").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HandlerThrowsApiError_IsItsOwnAnswer()
    {
        var response = await _host.GetAsync("/refuse");

        response.AssertError(409, "already_exists", "taken: by another");
        Assert.Equal("""{"field":"name"}""", response.Json.GetProperty("details").GetRawText());
        Assert.False(response.Json.TryGetProperty("internal_message", out _));
        Assert.Null(response["Cache-Control"]);
    }

    [Fact]
    public async Task Get_HandlerReturnsWhatItsTypeForbids_IsInternal()
    {
        var response = await _host.GetAsync("/wrong");

        response.AssertError(500, "internal", "an internal error occurred");
    }

    [Fact]
    public async Task Get_Served_LeavesItsLines()
    {
        var response = await _host.GetAsync("/hello");

        var lines = _host.LoggedOf(response);
        Assert.Equal(["starting request", "request completed"], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.All(lines, line => Assert.Equal(("info", "test", "hello"), Name(line)));
        Assert.Equal("ok", lines[1].GetProperty("code").GetString());
        Assert.InRange(lines[1].GetProperty("duration").GetDouble(), 0, 10_000);
    }

    private static (string?, string?, string?) Name(JsonElement line) =>
        (line.GetProperty("level").GetString(), line.GetProperty("service").GetString(), line.GetProperty("endpoint").GetString());
}

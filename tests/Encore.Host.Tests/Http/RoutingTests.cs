namespace Encore.Host.Tests.Http;

/// <summary>Every form of path and method, over the wire.</summary>
public sealed class RoutingTests(EdgeFixture fixture) : IClassFixture<EdgeFixture>
{
    private readonly TestHost _host = fixture.Host;

    [Theory]
    [InlineData("/routes/me", "literal", "")]
    [InlineData("/routes/%6De", "literal", "")]
    [InlineData("/routes/me/", "literal", "")]
    [InlineData("/routes/you", "parameter", "you")]
    [InlineData("/routes/me%2Fyou", "parameter", "me/you")]
    [InlineData("/routes/%C3%BC", "parameter", "ü")]
    [InlineData("/routes/a+b", "parameter", "a+b")]
    [InlineData("/routes/me/and/you", "wildcard", "me/and/you")]
    [InlineData("/routes", "wildcard", "")]
    [InlineData("/routes/", "wildcard", "")]
    [InlineData("/plain", "slash", "")]
    [InlineData("/plain/", "slash", "")]
    [InlineData("/plain/?x=1", "slash", "")]
    [InlineData("/gr%C3%BC%C3%9Fe/%E6%97%A5%E6%9C%AC", "unicode", "")]
    [InlineData("/nothing/here", "fallback", "nothing/here")]
    [InlineData("/", "fallback", "")]
    [InlineData("/Plain", "fallback", "Plain")]
    [InlineData("/deep/down/below", "deepFallback", "down/below")]
    public async Task Get_Path_IsServedBy(string target, string endpoint, string path)
    {
        var response = await _host.GetAsync(target);

        Assert.Equal((200, endpoint, path), (response.Status, response.Json.GetProperty("name").GetString(), response.Json.GetProperty("path").GetString()));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Send_MethodOfSeveral_IsServed(string method) =>
        Assert.Equal(200, (await _host.SendAsync($"{method} /several HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")).Status);

    [Fact]
    public async Task Post_PathWithoutThatMethod_IsServedByTheFallback()
    {
        var response = await _host.PostAsync("/plain", """{"path":"ignored"}""");

        Assert.Equal("fallback", response.Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Delete_NoRouteNorFallback_TellsTheMethods()
    {
        var response = await _host.SendAsync("DELETE /several HTTP/1.1\r\nHost: test\r\n\r\n");

        response.AssertRefusal(404, "not_found", "no route for method");
        Assert.Equal("GET, HEAD, POST, PUT, PATCH", response["Allow"]);
    }

    [Fact]
    public async Task Head_EndpointOfGet_HasItsHeadersAndNoBody()
    {
        var get = await _host.GetAsync("/routes/me");
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("HEAD /routes/me HTTP/1.1\r\nHost: test\r\n\r\nGET /routes/me HTTP/1.1\r\nHost: test\r\n\r\n");

        var head = await connection.ReceiveAsync(hasBody: false);

        Assert.Equal((200, get["Content-Length"], get["Content-Type"]), (head.Status, head["Content-Length"], head["Content-Type"]));
        Assert.Equal(get.Body, (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Head_DeclaredItself_IsNotServedByGet()
    {
        var calls = _host.Isolate.HandlerCalls;
        var head = await _host.SendAsync("HEAD /own HTTP/1.1\r\nHost: test\r\n\r\n");

        // "header" has a name of as many letters as "getter", and is told apart by the log.
        Assert.Equal(200, head.Status);
        Assert.Equal(calls + 1, _host.Isolate.HandlerCalls);
        Assert.All(_host.LoggedOf(head), line => Assert.Equal("header", line.GetProperty("endpoint").GetString()));
    }

    [Fact]
    public async Task Head_UnknownPath_IsRefusedWithoutBody()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await host.ConnectAsync();
        await connection.SendAsync("HEAD /nowhere HTTP/1.1\r\nHost: test\r\n\r\nGET /hello HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal(404, (await connection.ReceiveAsync(hasBody: false)).Status);
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Options_DeclaredByNobody_TellsTheMethods()
    {
        var response = await _host.SendAsync("OPTIONS /several HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal((204, "", null), (response.Status, response.Body, response["Content-Length"]));
        Assert.Equal("GET, HEAD, POST, PUT, OPTIONS, PATCH", response["Allow"]);
    }

    [Fact]
    public async Task Options_DeclaredWithStar_IsServed() =>
        Assert.Equal("star", (await _host.SendAsync("OPTIONS /star HTTP/1.1\r\nHost: test\r\n\r\n")).Json.GetProperty("name").GetString());

    [Theory]
    [InlineData(204, null)]
    [InlineData(205, "0")]
    [InlineData(304, null)]
    public async Task Get_StatusWithoutBody_SendsNone(int status, string? length)
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync($"GET /status?status={status} HTTP/1.1\r\nHost: test\r\n\r\nGET /plain HTTP/1.1\r\nHost: test\r\n\r\n");

        var response = await connection.ReceiveAsync();

        // A 205 says that its length is 0: without it, HTTP/1.1 clients would read until the connection ends (RFC 9112, section 6.3).
        Assert.Equal((status, "", length, null), (response.Status, response.Body, response["Content-Length"], response["Content-Type"]));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Theory]
    [InlineData("a%0d%0aset-cookie:%20x=1")]
    [InlineData("a%0ab")]
    [InlineData("a%00b")]
    [InlineData("caf%C3%A9")]
    public async Task Get_HandlerSetsUnsafeHeader_IsInternalAndInjectsNothing(string value)
    {
        var response = await _host.GetAsync("/tell?value=" + value);

        response.AssertError(500, "internal", "an internal error occurred");
        Assert.Null(response["Set-Cookie"]);
        Assert.Null(response["x-told"]);
    }

    [Theory]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 13\r\nContent-Length: 13\r\n\r\n{\"text\":\"ab\"}")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 13, 13\r\n\r\n{\"text\":\"ab\"}")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length : 13\r\n\r\n{\"text\":\"ab\"}")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /plain HTTP/1.1\r\nHost: test\r\nx-folded: a\r\n b\r\n\r\n")]
    [InlineData("GET /plain HTTP/1.1\r\nHost: test\r\n leading: a\r\n\r\n")]
    [InlineData("GET /plain HTTP/1.1\r\nHost: test\r\nx-null: a\0b\r\n\r\n")]
    [InlineData("GET /plain HTTP/1.1\r\nHost: test\r\nx-bare: a\rb\r\n\r\n")]
    [InlineData("GET /gr\u00fc\u00dfe HTTP/1.1\r\nHost: test\r\n\r\n")]
    public async Task Send_AmbiguousFraming_IsRefusedAndEndsTheConnection(string request)
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync(request + "GET /plain HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.InRange((await connection.ReceiveAsync()).Status, 400, 501);
        await connection.AssertClosedAsync();
    }

    [Fact]
    public async Task Send_LengthWithASign_IsThatLengthAndKeepsInStep()
    {
        // The server reads +13 as 13, where RFC 9110 section 8.6 has digits alone; what follows is still the next request.
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: +13\r\n\r\n{\"text\":\"ab\"}GET /plain HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal("""{"text":"ab"}""", (await connection.ReceiveAsync()).Body);
        Assert.Equal("slash", (await connection.ReceiveAsync()).Json.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /star HTTP/1.1\r\nHost: test\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /star HTTP/1.1\r\nHost: test\r\n\r\n")]
    public async Task Send_LengthAndChunks_NeverServesWhatFollows(string request)
    {
        await using var connection = await _host.ConnectAsync();
        await connection.SendAsync(request);

        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        await connection.AssertClosedAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridge.Core.Operations;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>Single exchanges of fetch against a real server: requests, heads, and what can go wrong before there is one.</summary>
public sealed class FetchExchangeTests : IDisposable
{
    private readonly FetchDriver _fetch = new();

    public void Dispose() => _fetch.Dispose();

    [Theory]
    [InlineData("GET", null)]
    [InlineData("HEAD", null)]
    [InlineData("POST", "body")]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "ä ✓")]
    [InlineData("DELETE", null)]
    [InlineData("DELETE", "why not")]
    [InlineData("OPTIONS", null)]
    [InlineData("PURGE", "own method")]
    public async Task Exchange_OfAnyMethod_CarriesMethodAndBody(string method, string? body)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            var text = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.Headers["x-seen"] = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}";
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.WriteAsync($"<{text}>");
            }
        });
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body);
        var exchange = await _fetch.FetchAsync(method, $"{server.Url}/a%20b/c?q=%C3%A4&r", bytes);
        Assert.Equal(200, exchange.Status);
        Assert.Equal("OK", exchange.StatusText);
        Assert.Equal($"{method} /a%20b/c?q=%C3%A4&r {bytes?.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}", exchange.All("x-seen").Single());
        Assert.Equal(method == "HEAD" ? "" : $"<{body}>", await _fetch.TextAsync(exchange));
    }

    [Fact]
    public async Task Headers_RepeatedAndLatin1_CrossBothWays()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["x-joined"] = string.Join('|', context.Request.Headers["x-many"].ToArray());
            context.Response.Headers["x-latin"] = context.Request.Headers["x-latin"];
            context.Response.Headers.Append("set-cookie", "a=1; Path=/");
            context.Response.Headers.Append("set-cookie", "b=2, c=3");
            return Task.CompletedTask;
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url, headers: [("x-many", "one"), ("X-Many", "two"), ("x-latin", "f\u00fcr \u00a3 \u00ff"), ("cookie", "session=1")]);
        Assert.Equal("f\u00fcr \u00a3 \u00ff", exchange.All("x-latin").Single());
        Assert.Equal(["a=1; Path=/", "b=2, c=3"], exchange.All("set-cookie"));
        Assert.Contains(exchange.All("x-joined").Single(), new[] { "one|two", "one, two" });
    }

    [Fact]
    public async Task Headers_OfTheBody_AreSentWithIt()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync($"{context.Request.ContentType} {context.Request.Headers.UserAgent} {context.Request.Headers.Accept}"));
        var exchange = await _fetch.FetchAsync("POST", server.Url, "{}"u8.ToArray(), [("Content-Type", "application/json; charset=utf-8"), ("User-Agent", "test"), ("Accept", "*/*")]);
        Assert.Equal("application/json; charset=utf-8 test */*", await _fetch.TextAsync(exchange));
    }

    [Fact]
    public async Task Cookies_AreNotKept()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.SetCookie = "kept=1";
            return context.Response.WriteAsync($"[{context.Request.Headers.Cookie}]");
        });
        await _fetch.TextAsync(await _fetch.FetchAsync("GET", server.Url));
        Assert.Equal("[]", await _fetch.TextAsync(await _fetch.FetchAsync("GET", server.Url)));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(304)]
    [InlineData(307)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Status_OfAnyKind_IsAValueAndNotFollowed(int status)
    {
        var requests = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url);
        Assert.Equal(status, exchange.Status);
        Assert.Equal("/elsewhere", exchange.All("location").Single());
        Assert.Equal(1, requests);
        Assert.Empty(await _fetch.BodyAsync(exchange));
    }

    [Fact]
    public async Task Connection_Refused_FailsWithItsCode()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var error = await Assert.ThrowsAsync<OperationException>(() => _fetch.FetchAsync("GET", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/"));
        Assert.Equal("TypeError", error.Name);
        Assert.StartsWith("fetch failed", error.Message, StringComparison.Ordinal);
        Assert.Equal("ECONNREFUSED", error.Code);
    }

    [Theory]
    [InlineData("garbage that is no HTTP\r\n\r\n", "HTTP_INVALID")]
    [InlineData("", "ECONNRESET")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len", "ECONNRESET")]
    public async Task Server_ThatSpeaksNoHttp_FailsWithACode(string answer, string code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServerBehaviour.ServeOnceAsync(listener, answer);
        var error = await Assert.ThrowsAsync<OperationException>(() => _fetch.FetchAsync("POST", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", [1]));
        Assert.Equal("TypeError", error.Name);
        Assert.Equal(code, error.Code);
        listener.Stop();
        await serving.WaitAsync(EngineThread.Patience);
    }

    [Theory]
    [InlineData("GET", "http://")]
    [InlineData("GET", "no url")]
    [InlineData("GET", "ftp://127.0.0.1/")]
    [InlineData("BAD METHOD", "http://127.0.0.1:1/")]
    public async Task Request_ThatCannotBeMade_FailsAsATypeError(string method, string url) =>
        Assert.Equal("TypeError", (await Assert.ThrowsAsync<OperationException>(() => _fetch.FetchAsync(method, url))).Name);

    [Fact]
    public async Task Exchange_Canceled_EndsTheRequest()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            reached.SetResult();
            await ServerBehaviour.UntilAbortedAsync(context, aborted);
        });
        using var leaving = new CancellationTokenSource();
        var fetching = _fetch.FetchAsync("GET", server.Url, cancellation: leaving.Token);
        await reached.Task.WaitAsync(EngineThread.Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching.WaitAsync(EngineThread.Patience));
        await aborted.Task.WaitAsync(EngineThread.Patience);
    }

    [Fact]
    public async Task Exchanges_ManyAtOnce_EachGetTheirOwnBody()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Request.QueryString.Value!));
        await Isolates.Crowd.RunAsync(300, 32, async id => Assert.Equal($"?{id}", await _fetch.TextAsync(await _fetch.FetchAsync("GET", $"{server.Url}/?{id}"))));
    }
}

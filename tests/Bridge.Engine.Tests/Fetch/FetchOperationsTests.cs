using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridge.Core.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>The host's part of fetch, against a real server.</summary>
public sealed class FetchOperationsTests : IDisposable
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
    public async Task SmallBody_ComesInOneOperation()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("small"));

        // The first exchange opens the connection and warms everything up; after that the body follows its head at once.
        await _fetch.TextAsync(await _fetch.FetchAsync("GET", server.Url));
        var whole = 0;
        for (var i = 0; i < 20; i++)
        {
            var exchange = await _fetch.FetchAsync("GET", server.Url);
            whole += exchange.End ? 1 : 0;
            Assert.Equal("small", await _fetch.TextAsync(exchange));
        }

        Assert.True(whole > 0, "No body came along with its head.");
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

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_Compressed_IsDecoded(string encoding)
    {
        var text = string.Concat(Enumerable.Repeat("compress me ✓ ", 20_000));
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            Assert.Contains(encoding, context.Request.Headers.AcceptEncoding.ToString(), StringComparison.Ordinal);
            context.Response.Headers.ContentEncoding = encoding;
            var bytes = Compress(encoding, text);
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url);
        Assert.Empty(exchange.All("content-encoding"));
        Assert.Empty(exchange.All("content-length"));
        Assert.Equal(text, await _fetch.TextAsync(exchange));
    }

    [Fact]
    public async Task Body_WithItsOwnAcceptEncoding_IsLeftAsItIs()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            Assert.Equal("gzip", context.Request.Headers.AcceptEncoding.ToString());
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(Compress("gzip", "text"));
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url, headers: [("accept-encoding", "gzip")]);
        Assert.Equal("gzip", exchange.All("content-encoding").Single());
        Assert.Equal([0x1f, 0x8b], (await _fetch.BodyAsync(exchange)).Take(2));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Body_CompressedBadly_FailsAsATypeError(string encoding)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.WriteAsync("this was never compressed");
        });
        var error = await Assert.ThrowsAsync<OperationException>(async () => await _fetch.BodyAsync(await _fetch.FetchAsync("GET", server.Url)));
        Assert.Equal("TypeError", error.Name);
    }

    [Fact]
    public async Task Body_OfManyMebibytes_ArrivesWhole()
    {
        var bytes = new byte[9_000_001];
        new Random(7).NextBytes(bytes);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
                await context.Request.Body.CopyToAsync(context.Response.Body);
            }
            else
            {
                await context.Response.Body.WriteAsync(bytes);
            }
        });
        Assert.Equal(bytes, await _fetch.BodyAsync(await _fetch.FetchAsync("GET", server.Url)));
        Assert.Equal(bytes, await _fetch.BodyAsync(await _fetch.FetchAsync("POST", server.Url, bytes)));
    }

    [Fact]
    public async Task Body_SentSlowly_ArrivesPieceByPiece()
    {
        using var next = new SemaphoreSlim(0);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            for (var piece = 0; piece < 5; piece++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"piece {piece};", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url);
        Assert.False(exchange.End);
        Assert.Empty(exchange.First);
        for (var piece = 0; piece < 5; piece++)
        {
            next.Release();
            var (bytes, end) = await _fetch.ReadAsync(exchange.Id);
            Assert.Equal($"piece {piece};", Encoding.UTF8.GetString(bytes));
            Assert.False(end);
        }

        Assert.Equal((0, true), ((await _fetch.ReadAsync(exchange.Id)) is var (rest, over) ? (rest.Length, over) : default));
        await Assert.ThrowsAsync<OperationException>(() => _fetch.ReadAsync(exchange.Id));
    }

    [Fact]
    public async Task Body_BrokenOff_ResolvesTheHeadAndFailsTheBody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
        var exchange = await _fetch.FetchAsync("GET", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await serving.WaitAsync(EngineThread.Patience);
        Assert.Equal(200, exchange.Status);
        var error = await Assert.ThrowsAsync<OperationException>(() => _fetch.BodyAsync(exchange));
        Assert.Equal("TypeError", error.Name);
        Assert.Equal("ECONNRESET", error.Code);
        await Assert.ThrowsAsync<OperationException>(() => _fetch.ReadAsync(exchange.Id));
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
        var serving = ServeOnceAsync(listener, answer);
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
            await UntilAbortedAsync(context, aborted);
        });
        using var leaving = new CancellationTokenSource();
        var fetching = _fetch.FetchAsync("GET", server.Url, cancellation: leaving.Token);
        await reached.Task.WaitAsync(EngineThread.Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching.WaitAsync(EngineThread.Patience));
        await aborted.Task.WaitAsync(EngineThread.Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_Canceled_EndsTheExchange(bool whileReading)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await UntilAbortedAsync(context, aborted);
        });
        var exchange = await _fetch.FetchAsync("GET", server.Url);
        if (whileReading)
        {
            using var leaving = new CancellationTokenSource();
            var reading = _fetch.ReadAsync(exchange.Id, leaving.Token);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(EngineThread.Patience));
        }
        else
        {
            await _fetch.CancelAsync(exchange.Id);
        }

        await aborted.Task.WaitAsync(EngineThread.Patience);
        await _fetch.CancelAsync(exchange.Id);
        await Assert.ThrowsAsync<OperationException>(() => _fetch.ReadAsync(exchange.Id));
    }

    [Fact]
    public async Task Exchanges_ManyAtOnce_EachGetTheirOwnBody()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Request.QueryString.Value!));
        await Isolates.Crowd.RunAsync(300, 32, async id => Assert.Equal($"?{id}", await _fetch.TextAsync(await _fetch.FetchAsync("GET", $"{server.Url}/?{id}"))));
    }

    private static async Task UntilAbortedAsync(HttpContext context, TaskCompletionSource aborted)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        finally
        {
            aborted.SetResult();
        }
    }

    private static byte[] Compress(string encoding, string text)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }

    private static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        Assert.NotEqual(0, await stream.ReadAtLeastAsync(new byte[4096], 1));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}

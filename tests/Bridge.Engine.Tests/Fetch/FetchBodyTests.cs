using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridge.Core.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>The bodies of fetch against a real server: compressed, large, slow, broken off and given up.</summary>
public sealed class FetchBodyTests : IDisposable
{
    private readonly FetchDriver _fetch = new();

    public void Dispose() => _fetch.Dispose();

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
                // All of it before the answer: a client that sends a body reads the answer afterwards, and an echo that doesn't wait for
                // that ends only where the system's buffers happen to hold both.
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
                using var received = new MemoryStream();
                await context.Request.Body.CopyToAsync(received);
                await context.Response.Body.WriteAsync(received.GetBuffer().AsMemory(0, (int)received.Length));
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
        var serving = ServerBehaviour.ServeOnceAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
        var exchange = await _fetch.FetchAsync("GET", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await serving.WaitAsync(EngineThread.Patience);
        Assert.Equal(200, exchange.Status);
        var error = await Assert.ThrowsAsync<OperationException>(() => _fetch.BodyAsync(exchange));
        Assert.Equal("TypeError", error.Name);
        Assert.Equal("ECONNRESET", error.Code);
        await Assert.ThrowsAsync<OperationException>(() => _fetch.ReadAsync(exchange.Id));
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
            await ServerBehaviour.UntilAbortedAsync(context, aborted);
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
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>
/// An HTTP server on the loopback address that gives what the emulator pushes to a receiver: with a token that the emulator, unlike the service,
/// doesn't make.
/// </summary>
internal sealed class PushGateway : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _exchanges = [];
    private readonly Task _accepting;

    public PushGateway()
    {
        var port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Where it gives out the key that signs tokens.</summary>
    public Uri KeysAddress => new(Address, "keys");

    /// <summary>What takes the messages, by the last part of their path.</summary>
    public ConcurrentDictionary<string, IPushReceiver> Receivers { get; } = [];

    /// <summary>What was answered, in that order.</summary>
    public ConcurrentQueue<PushAnswer> Answers { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Close();
        await _accepting;
        await Task.WhenAll(_exchanges);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _exchanges.Add(ServeAsync(await _listener.GetContextAsync()));
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            if (context.Request.Url == KeysAddress)
            {
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(GoogleTokens.KeySet));
                context.Response.Close();
                return;
            }

            var receiver = Receivers[context.Request.Url!.Segments[^1]];
            Assert.Null(await receiver.RefusalOfAsync("Bearer " + GoogleTokens.Make(), _end.Token));
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var answer = await receiver.ReceiveAsync(body.ToArray(), _end.Token);
            Answers.Enqueue(answer);
            context.Response.StatusCode = answer.Outcome == PushOutcome.Done ? 204 : 503;
            context.Response.Close();
        }
        catch (Exception error) when (_end.IsCancellationRequested && error is HttpListenerException or ObjectDisposedException or OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Bridge.Core.Operations;
using Encore.Host.Streams;

namespace Encore.Host.ServiceCalls.Streams;

/// <summary>Opens streams that other hosts serve, and keeps them for the script. Thread: any.</summary>
/// <remarks>
/// The call itself is a stream's first message. An opening is repeated while no connection could be made, or something said that the host
/// can't serve now; after the first message nothing is.
/// </remarks>
/// <param name="endpoints">The endpoints by their full names.</param>
/// <param name="transport">Reaches the hosts.</param>
/// <param name="options">How streams are kept.</param>
internal sealed class RemoteStreams(IReadOnlyDictionary<string, RemoteEndpoint> endpoints, RemoteTransport transport, StreamOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<int, RemoteStream> _streams = new();
    private int _last;
    private volatile bool _isDisposed;

    /// <summary>What scripts can ask for, by kind; <c>ts-sdk/src/internal/remote-streams.ts</c> does.</summary>
    public IEnumerable<KeyValuePair<string, IOperationHandler>> Handlers =>
    [
        new("serviceStream.open", new OpenOperation(this)),
        new("serviceStream.send", new SendOperation(this)),
        new("serviceStream.receive", new ReceiveOperation(this)),
        new("serviceStream.leave", new LeaveOperation(this)),
    ];

    // How long the other host may take over what is still to be sent to it when the script leaves.
    private TimeSpan CloseTimeout => options.CloseTimeout;

    /// <summary>How many are open.</summary>
    public int Count => _streams.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (var number in _streams.Keys)
        {
            Remove(number)?.Dispose();
        }
    }

    private async ValueTask<OperationOutcome> OpenAsync(JsonElement payload, CancellationToken cancellation)
    {
        var endpoint = RemoteEndpoint.Find(endpoints, payload, out var address);
        var call = new RemoteCall(payload);
        var connected = await transport.ReachAsync(endpoint, call, () => ConnectAsync(endpoint, address, call, cancellation), cancellation);
        if (connected.Result is not { } connection)
        {
            return RemoteAnswer.Unavailable(endpoint);
        }

        var stream = new RemoteStream(connection, endpoint, options, fault => transport.LogFailure("service stream lost", endpoint, call, fault));
        try
        {
            if (await stream.OpenAsync(call.Body, cancellation) is { } error)
            {
                return new OperationOutcome(error.Json);
            }
        }
        catch (OperationCanceledException)
        {
            stream.Leave(isAll: true);
            throw;
        }

        return new OperationOutcome(string.Create(CultureInfo.InvariantCulture, $"{{\"stream\":{Keep(stream)}}}"));
    }

    private async Task<RemoteAttempt<RemoteConnection>> ConnectAsync(RemoteEndpoint endpoint, Uri address, RemoteCall call, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = options.PingInterval;
        socket.Options.KeepAliveTimeout = options.PingTimeout;
        foreach (var (name, value) in call.CreateHeaders(endpoint, transport.Now))
        {
            socket.Options.SetRequestHeader(name, value);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(CallWire.OpeningTimeout);
        try
        {
            await socket.ConnectAsync(SocketAddressOf(address), transport.Http, patience.Token);
            return RemoteAttempt<RemoteConnection>.Succeeded(new RemoteConnection(socket, options.CloseTimeout));
        }
        catch (WebSocketException error)
        {
            using (socket)
            {
                return FailureOf(endpoint, socket, error);
            }
        }
        catch (OperationCanceledException error)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return RemoteAttempt<RemoteConnection>.Failed(error.Message, mayRepeat: false);
        }
    }

    private static RemoteAttempt<RemoteConnection> FailureOf(RemoteEndpoint endpoint, ClientWebSocket socket, WebSocketException error)
    {
        if (socket.HttpStatusCode == default)
        {
            // Without an answer: no connection could be made, within its time, or it was lost and made anew often enough by the client itself.
            var cause = error.InnerException ?? error;
            var mayRepeat = cause is OperationCanceledException || (cause is HttpRequestException request && !RemoteTransport.WasSent(request));
            return RemoteAttempt<RemoteConnection>.Failed(cause.Message, mayRepeat);
        }

        return socket.HttpResponseHeaders?.ContainsKey(CallWire.AnswerHeader) == true
            ? throw RemoteAnswer.Refused(endpoint)
            : RemoteAttempt<RemoteConnection>.Failed(
                RemoteTransport.ForeignAnswer(socket.HttpStatusCode), socket.HttpStatusCode == HttpStatusCode.ServiceUnavailable);
    }

    private static Uri SocketAddressOf(Uri address) =>
        new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;

    private int Keep(RemoteStream stream)
    {
        var number = Interlocked.Increment(ref _last);
        _streams[number] = stream;
        if (_isDisposed)
        {
            Remove(number)?.Dispose();
        }

        return number;
    }

    private RemoteStream? Find(JsonElement payload) => _streams.GetValueOrDefault(NumberOf(payload));

    private RemoteStream? Remove(int number) => _streams.TryRemove(number, out var stream) ? stream : null;

    private static int NumberOf(JsonElement payload) => payload.GetProperty("stream").GetInt32();

    private sealed class OpenOperation(RemoteStreams streams) : IOperationHandler
    {
        public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
            streams.OpenAsync(payload, cancellation);
    }

    private sealed class SendOperation(RemoteStreams streams) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            if (streams.Find(payload) is { } stream)
            {
                await stream.SendAsync(payload.GetProperty("messages"), payload.GetProperty("areLast").GetBoolean());
                if (payload.GetProperty("leaves").GetBoolean())
                {
                    streams.Remove(NumberOf(payload))?.Leave(isAll: true);
                }
            }

            return OperationOutcome.None;
        }
    }

    private sealed class ReceiveOperation(RemoteStreams streams) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            if (streams.Find(payload) is not { } stream)
            {
                // The script has left it.
                return new OperationOutcome("""{"messages":[],"end":{}}""");
            }

            var isEnd = true;
            try
            {
                (var json, isEnd) = await stream.ReceiveAsync(cancellation);
                return new OperationOutcome(json);
            }
            finally
            {
                // The end, or nobody who could be told of it: the operation failed. What was left ends when its last messages are sent.
                if (isEnd && !stream.IsLeft)
                {
                    streams.Remove(NumberOf(payload))?.Leave(isAll: true);
                }
            }
        }
    }

    private sealed class LeaveOperation(RemoteStreams streams) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            var number = NumberOf(payload);
            if (!payload.GetProperty("isAll").GetBoolean() && streams.Find(payload) is { } stream)
            {
                stream.Leave(isAll: false);
                await Task.Delay(streams.CloseTimeout, cancellation);
            }

            streams.Remove(number)?.Leave(isAll: true);
            return OperationOutcome.None;
        }
    }
}

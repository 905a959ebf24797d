using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>One connection to one server, from its beginning to its end; it doesn't come back. Thread: any.</summary>
internal sealed partial class Session : IAsyncDisposable
{
    private const int ReadSize = 1 << 16;

    // The subscription that all answers come by; others count from above it.
    private const long Inbox = 1;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PongPatience = TimeSpan.FromSeconds(10);

    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly Action<NatsMessage> _deliver;
    private readonly OutgoingBuffer _output;
    private readonly RequestTable _requests = new();
    private readonly Lock _pingLock = new();
    private readonly Queue<TaskCompletionSource> _pings = [];
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<BrokerException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _inboxPrefix = $"_INBOX.{Guid.NewGuid():N}.";
    private volatile string _lastError = "";
    private Task _work = Task.CompletedTask;

    private Session(ServerAddress address, ServerInfo info, Stream stream, PipeReader reader, Action<NatsMessage> deliver)
    {
        Address = address;
        Info = info;
        _stream = stream;
        _reader = reader;
        _deliver = deliver;
        _output = new OutgoingBuffer(stream);
    }

    /// <summary>The server.</summary>
    internal ServerAddress Address { get; }

    /// <summary>What the server said last of itself.</summary>
    internal ServerInfo Info { get; private set; }

    /// <summary>Done, with the reason, once the connection is gone.</summary>
    internal Task<BrokerException> EndedAsync => _ended.Task;

    /// <summary>The refusal the server sent last that no request is known for; "" for none.</summary>
    internal string LastError => _lastError;

    /// <summary>Subscribes to a subject.</summary>
    /// <param name="number">By which its messages are told apart: 2 or more.</param>
    /// <param name="subject">The subject.</param>
    internal void Subscribe(long number, string subject) =>
        _output.Write((number, subject), static (output, state) => FrameWriter.Subscribe(output, Encoding.UTF8.GetBytes(state.subject), state.number));

    /// <summary>Ends a subscription.</summary>
    internal void Unsubscribe(long number) => _output.Write(number, static (output, state) => FrameWriter.Unsubscribe(output, state));

    /// <summary>Publishes something that nobody waits for. It is lost where the connection breaks.</summary>
    internal void Publish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> payload) =>
        _output.Write(new Outgoing(subject, reply, default, payload), Outgoing.Write);

    /// <summary>Sends a request.</summary>
    /// <param name="subject">To which subject.</param>
    /// <param name="headers">A whole header block; empty for none.</param>
    /// <param name="payload">What is sent; it is copied before the first wait ends.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>The answer; one of status 503 where nobody listens.</returns>
    /// <exception cref="BrokerException">The connection ends first, or the server refuses.</exception>
    internal async Task<NatsMessage> RequestAsync(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        await _output.WhenRoomAsync(cancellation);
        return await SendRequestAsync(subject, headers, payload, cancellation);
    }

    /// <summary>As <see cref="RequestAsync"/>, and sends before it returns, so that requests go in the order of their calls.</summary>
    internal Task<NatsMessage> SendRequestAsync(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var request = new SingleRequest(subject);
        var number = Send(request, headers, payload);
        return cancellation.CanBeCanceled ? AwaitAsync(request, number, cancellation) : request.Answer;
    }

    /// <summary>Sends a request that is waited for together with others. It doesn't throw: the group has the error.</summary>
    internal void SendRequest(RequestGroup group, int index, ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload)
    {
        try
        {
            group.SetNumber(index, Send(group.Member(index, subject), headers, payload));
        }
        catch (BrokerException error)
        {
            group.Fail(index, error);
        }
    }

    /// <summary>Waits until each request of a group has its answer or its error.</summary>
    /// <param name="group">All of it has been sent here, or has failed.</param>
    /// <param name="cancellation">Those that have no answer by then get an <see cref="OperationCanceledException"/>.</param>
    internal async Task WhenAnsweredAsync(RequestGroup group, CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(static (state, token) =>
        {
            var (requests, group) = ((RequestTable, RequestGroup))state!;
            foreach (var number in group.Numbers)
            {
                requests.Cancel(number, token);
            }
        }, (_requests, group)))
        {
#pragma warning disable VSTHRD003 // Justification: the receiving loop completes it, and it waits for nothing.
            await group.AnsweredAsync;
#pragma warning restore VSTHRD003
        }
    }

    /// <summary>Waits until there is room for more to be sent.</summary>
    internal ValueTask WhenRoomAsync(CancellationToken cancellation) => _output.WhenRoomAsync(cancellation);

    /// <summary>Waits until the server has dealt with all that was sent before.</summary>
    /// <exception cref="BrokerException">The connection ends first.</exception>
    internal Task PingAsync(CancellationToken cancellation)
    {
        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_pingLock)
        {
            if (_ended.Task.IsCompleted)
            {
                return Task.FromException(Gone("it is closed"));
            }

            _pings.Enqueue(pong);
            _output.Write(0, static (output, _) => FrameWriter.Ping(output));
        }

        return pong.Task.WaitAsync(cancellation);
    }

    /// <summary>Ends the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        End(Gone("it was closed"));
#pragma warning disable VSTHRD003 // Justification: it was started by this object and waits for nothing of the caller's.
        await _work;
#pragma warning restore VSTHRD003
        await _stream.DisposeAsync();
        _ending.Dispose();
    }

    private async Task<NatsMessage> AwaitAsync(SingleRequest request, long number, CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(static (state, token) =>
        {
            var (requests, number) = ((RequestTable, long))state!;
            requests.Cancel(number, token);
        }, (_requests, number)))
        {
#pragma warning disable VSTHRD003 // Justification: the receiving loop completes it, and it waits for nothing.
            return await request.Answer;
#pragma warning restore VSTHRD003
        }
    }

    /// <returns>The request's number.</returns>
    /// <exception cref="BrokerException">The session has ended.</exception>
    private long Send(PendingRequest request, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload)
    {
        var number = _requests.Add(request);
        Span<byte> reply = stackalloc byte[_inboxPrefix.Length + 20];
        var written = Encoding.ASCII.GetBytes(_inboxPrefix, reply);
        number.TryFormat(reply[written..], out var digits, provider: CultureInfo.InvariantCulture);
        _output.Write(new Outgoing(request.Subject.Span, reply[..(written + digits)], headers.Span, payload.Span), Outgoing.Write);
        return number;
    }

    private void Begin()
    {
        _output.Write($"{_inboxPrefix}*", static (output, subject) => FrameWriter.Subscribe(output, Encoding.ASCII.GetBytes(subject), Inbox));
        _work = Task.WhenAll(RunAsync(ReceiveAsync), RunAsync(() => _output.SendAsync(_ending.Token)), RunAsync(KeepAliveAsync));
    }

    private Task WhenEnteredAsync(CancellationToken cancellation) => _entered.Task.WaitAsync(cancellation);

    /// <summary>Runs one of the session's parts; whichever ends first ends the session.</summary>
    private async Task RunAsync(Func<Task> part)
    {
        try
        {
            await Task.Yield();
            await part();
            End(Gone("the server ended it"));
        }
        catch (Exception error)
        {
            // Justification: the root of a task of its own. Whatever it is, requests are told and the connection is made anew.
            End(error as BrokerException ?? Gone(error.Message, error));
        }
    }

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(PingInterval);
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            try
            {
                await PingAsync(CancellationToken.None).WaitAsync(PongPatience, _ending.Token);
            }
            catch (TimeoutException error)
            {
                throw Gone("the server is silent", error);
            }
        }
    }

    private void End(BrokerException reason)
    {
        List<TaskCompletionSource> pings;
        lock (_pingLock)
        {
            if (!_ended.TrySetResult(reason))
            {
                return;
            }

            pings = [.. _pings];
            _pings.Clear();
        }

        _output.End();
        _ending.Cancel();
        _entered.TrySetException(reason);
        _requests.End(reason);
        pings.ForEach(ping => ping.TrySetException(reason));
    }

    private BrokerException Gone(string why, Exception? inner = null) =>
        new($"The connection to NATS at {Address} is gone: {why}.", "It is made again by itself once the server can be reached.", inner: inner);
}

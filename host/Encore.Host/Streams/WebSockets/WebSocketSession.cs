using System.Buffers;
using System.IO.Pipelines;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Encore.Host.Http;
using Encore.Host.Transport;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Streams.WebSockets;

/// <summary>A stream as a WebSocket (RFC 6455).</summary>
/// <param name="context">The stream.</param>
/// <param name="handshake">What was agreed with the client.</param>
/// <param name="limit">Bytes that one of the client's messages may have.</param>
internal class WebSocketSession(StreamContext context, WebSocketHandshake handshake, long limit) : StreamSession(context)
{
    // Bytes are read into pooled memory once some have come: an idle stream holds none.
    private static readonly StreamPipeReaderOptions ReadOptions = new(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true);

    private static readonly StreamPipeWriterOptions WriteOptions = new(leaveOpen: true);

    private readonly FrameReader _frames = new(limit, handshake.Compresses);
    private MessageWindow? _window;
    private byte[]? _pong;
    private Milestone _clientHasEnded;
    private volatile bool _pingIsDue;
    private volatile bool _isWaitingForScript;
    private volatile bool _discards;
    private long _lastHeard;
    private long _pinged;

    /// <summary>Whether a client that the script doesn't keep up with is held back by not reading what it sends.</summary>
    protected virtual bool HoldsClientBack => true;

    /// <summary>Whether nothing more is taken from the client, or is of use to it.</summary>
    protected bool Discards => _discards;

    /// <summary>Messages that the script hasn't taken.</summary>
    protected int Untaken => _window?.Count ?? 0;

    /// <inheritdoc/>
    public override void Disconnect()
    {
        Call.EndInput(isGone: true);
        _discards = true;
        _window?.Open();
        _clientHasEnded.Reach();
        LoseOutput();
    }

    /// <inheritdoc/>
    protected override async Task BeginAsync()
    {
        handshake.WriteTo(Request.ResponseHeaders);
        KeepSlowReaders();
        _lastHeard = Environment.TickCount64;
        var pipes = WebSocketHandshake.IsConnect(Request) ? await AcceptStreamAsync() : await UpgradeConnectionAsync();
        Writer = new CountedWriter(pipes.Output);
        _ = ReadAsync(pipes.Input);
    }

    // The server's stream over the connection isn't used: the connection's own pipes, which the server leaves alone from here on, spare each
    // message two copies and several awaits, and an idle socket its buffers.
    private async Task<(PipeReader Input, PipeWriter Output)> UpgradeConnectionAsync()
    {
        _ = await Request.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var connection = Request.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        return (connection.Input, connection.Output);
    }

    // With HTTP/2 the connection is shared, and the stream is what this one has of it (RFC 8441).
    private async Task<(PipeReader Input, PipeWriter Output)> AcceptStreamAsync()
    {
        var stream = await Request.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync();
        return (PipeReader.Create(stream, ReadOptions), PipeWriter.Create(stream, WriteOptions));
    }

    /// <inheritdoc/>
    protected override void WriteMessage(ReadOnlySpan<byte> json) => FrameWriter.WriteMessage(Writer, json, handshake.Compresses);

    /// <inheritdoc/>
    protected override void WriteControl()
    {
        if (Interlocked.Exchange(ref _pong, null) is { } pong)
        {
            FrameWriter.WriteControl(Writer, Opcode.Pong, pong);
        }

        if (_pingIsDue)
        {
            _pingIsDue = false;
            FrameWriter.WriteControl(Writer, Opcode.Ping, []);
        }
    }

    /// <inheritdoc/>
    protected override void WriteEnd(StreamEnd end)
    {
        FrameWriter.WriteClose(Writer, end);
        _discards = true;
        _window?.Open();
    }

    /// <inheritdoc/>
    protected override void OnGrant(int messages) => _window?.Grant(messages);

    /// <inheritdoc/>
    protected override void OnLook(long now)
    {
        var heard = Volatile.Read(ref _lastHeard);
        if (_isWaitingForScript || HasEnded)
        {
            // Nothing is read that could be an answer; or the end has a time limit of its own.
            Volatile.Write(ref _lastHeard, now);
        }
        else if (_pinged > heard)
        {
            if (now - _pinged > Streams.Options.PingTimeout.TotalMilliseconds)
            {
                Request.Abort();
                Disconnect();
            }
        }
        else if (now - heard > Streams.Options.PingInterval.TotalMilliseconds)
        {
            _pinged = now;
            _pingIsDue = true;
            Wake();
        }
    }

    /// <inheritdoc/>
    protected override void OnShutDown() => Refuse();

    /// <inheritdoc/>
    protected override async Task FinishAsync()
    {
        var clientEnds = _clientHasEnded.WaitAsync();
        if (await Task.WhenAny(clientEnds, Task.Delay(Streams.Options.CloseTimeout)) != clientEnds)
        {
            Request.Abort();
        }
    }

    private async Task ReadAsync(PipeReader input)
    {
        try
        {
            while (!Take(input, await input.ReadAsync(), out var full))
            {
                if (full is not null)
                {
                    _isWaitingForScript = true;
                    await full.WaitForRoomAsync();
                    Volatile.Write(ref _lastHeard, Environment.TickCount64);
                    _isWaitingForScript = false;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is gone, and with it whoever would be told.
        }

        _frames.Release();
        OnInputEnd();
    }

    /// <summary>Takes what has come, as far as the script has room for it.</summary>
    /// <param name="input">Where it came.</param>
    /// <param name="read">What has come.</param>
    /// <param name="full">The window that has no room left; null where all was taken.</param>
    /// <returns>Whether nothing more is to be read.</returns>
    private bool Take(PipeReader input, in ReadResult read, out MessageWindow? full)
    {
        Volatile.Write(ref _lastHeard, Environment.TickCount64);
        var bytes = read.Buffer;
        var isLast = false;
        full = null;
        while (!isLast && full is null && _frames.Read(ref bytes) is not FrameEvent.None and var frame)
        {
            isLast = Take(frame);
            full = HoldsClientBack && _window is { HasRoom: false } window ? window : null;
        }

        // What wasn't looked at for want of room makes the next read return at once.
        input.AdvanceTo(bytes.Start, full is null ? bytes.End : bytes.Start);
        return isLast || (read.IsCompleted && full is null);
    }

    /// <summary>Does what a frame asks for.</summary>
    /// <returns>Whether it was the last one to be read.</returns>
    private bool Take(FrameEvent frame)
    {
        switch (frame)
        {
            case FrameEvent.Message:
                using (var message = _frames.Message!)
                {
                    if (!_discards)
                    {
                        Receive(message.Written);
                    }
                }

                return false;
            case FrameEvent.Ping:
                Volatile.Write(ref _pong, _frames.Control);
                Wake();
                return false;
            case FrameEvent.Pong:
                return false;
            case FrameEvent.Close:
                End(_frames.End);
                Refuse();
                return true;
            default:
                End(_frames.End);
                Refuse();

                // After a broken frame nothing can be told apart any more. After a message that isn't taken, the client's close frame can.
                _frames.Discard();
                return _frames.End.Code == StreamEnd.ProtocolError;
        }
    }

    private static string Describe(DecodeFailure failure)
    {
        var first = failure.Violations[0];
        return first.Path.Length == 0 ? $"invalid message: {first.Message}" : $"invalid message: {first.Path}: {first.Message}";
    }

    /// <summary>Takes a message that the client has sent.</summary>
    /// <param name="message">UTF-8.</param>
    protected virtual void Receive(ReadOnlySpan<byte> message) => Push(message);

    /// <summary>Gives the script a message, or ends the stream where its type doesn't allow it.</summary>
    protected void Push(ReadOnlySpan<byte> message)
    {
        if (Plan.Incoming is not { } plan)
        {
            return;
        }

        var decoded = new PooledBuffer(message.Length);
        if (plan.Decode(message, decoded) is { } failure)
        {
            decoded.Dispose();
            Refuse(StreamEnd.Refused(StreamEnd.InvalidMessage, Describe(failure)) with { Error = Refusals.Decode(failure) });
            return;
        }

        _window ??= new MessageWindow(Streams.Options);
        var asks = _window.Add(message.Length);
        Call.Push(decoded, asks);
    }

    /// <summary>Ends the stream for what the client has sent.</summary>
    protected void Refuse(StreamEnd end)
    {
        End(end);
        Refuse();
        _frames.Discard();
    }

    /// <summary>Nothing more is taken from the client, or is of use to it.</summary>
    private void Refuse()
    {
        _discards = true;
        Call.EndInput(isGone: true);
        Leave();
        Wake();
    }

    private void OnInputEnd()
    {
        if (!_discards)
        {
            // It left without a word.
            Disconnect();
        }

        _clientHasEnded.Reach();
    }
}

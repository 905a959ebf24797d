using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Bridge.Core.Buffers;
using Encore.Host.Http;
using Encore.Host.Streams;
using Encore.Host.Streams.WebSockets;

namespace Encore.Host.ServiceCalls.Streams;

/// <summary>A stream that another host has opened: a WebSocket whose messages say by their first character what they are.</summary>
/// <remarks>
/// The connection is opened before the handler is asked for, since the call is its first message. Each side keeps to the room that the other
/// has granted it, and reads what comes as it comes: so a script that is slow holds back the other script, and never the answer to a ping.
/// </remarks>
/// <param name="context">The stream.</param>
/// <param name="handshake">What was agreed with the other host.</param>
internal sealed class InternalStreamSession(StreamContext context, WebSocketHandshake handshake)
    : WebSocketSession(context, handshake, EndpointRoutes.LargestBody)
{
    private readonly MessageWindow _room = new(context.Open.Options);
    private readonly TaskCompletionSource<byte[]> _call = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Cancelled when the caller has left.</summary>
    public CancellationToken Gone => _gone.Token;

    // A caller that has left grants nothing more: what it was to get mustn't wait for that.
    /// <inheritdoc/>
    protected override bool HasRoom => Discards || _room.HasRoom;

    /// <inheritdoc/>
    protected override bool HoldsClientBack => false;

    /// <summary>Waits for the call.</summary>
    /// <returns>Its body; null where the caller left, or said nothing for too long.</returns>
    public async Task<byte[]?> ReceiveCallAsync()
    {
        try
        {
            return await _call.Task.WaitAsync(CallWire.OpeningTimeout, Gone);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream ended at the same time.
        }

        base.Leave();
    }

    /// <inheritdoc/>
    protected override void Receive(ReadOnlySpan<byte> message)
    {
        if (!_call.Task.IsCompleted)
        {
            _call.TrySetResult(message.ToArray());
            return;
        }

        switch (message.IsEmpty ? default : message[0])
        {
            case CallWire.Message when Untaken < Streams.Options.WindowMessages * CallWire.LargestOverrun:
                Push(message[1..]);
                break;
            case CallWire.Grant when Utf8Parser.TryParse(message[1..], out int count, out _):
                _room.Grant(count);
                Wake();
                break;
            case CallWire.EndOfMessages:
                // As between services that share the isolate: who closes a stream both ways receives nothing more either.
                Call.EndInput(isGone: Plan.Outgoing is not null);
                break;
            default:
                Refuse(StreamEnd.Refused(StreamEnd.ProtocolError, "this isn't what hosts of one application say to each other"));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void WriteMessage(ReadOnlySpan<byte> json)
    {
        _room.Add(json.Length);
        FrameWriter.WriteMessage(Writer, CallWire.Message, json);
    }

    /// <inheritdoc/>
    protected override void WriteAnswer(ReadOnlySpan<byte> json) => FrameWriter.WriteMessage(Writer, CallWire.Response, json);

    /// <inheritdoc/>
    protected override void WriteEnd(StreamEnd end)
    {
        if (end.Error is { } error)
        {
            using var body = new PooledBuffer();
            InternalAnswer.WriteErrorBody(body, error, end.Thrown);
            FrameWriter.WriteMessage(Writer, CallWire.Error, body.Written);
        }

        base.WriteEnd(end);
    }

    /// <inheritdoc/>
    protected override void OnOpened() => FrameWriter.WriteMessage(Writer, CallWire.Opened, []);

    /// <inheritdoc/>
    protected override void OnGrant(int messages)
    {
        base.OnGrant(messages);
        Span<byte> text = stackalloc byte[11];
        messages.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        FrameWriter.WriteMessage(Writer, CallWire.Grant, text[..length]);
    }
}

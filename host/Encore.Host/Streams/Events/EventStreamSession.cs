using System.Buffers;
using System.Globalization;

namespace Encore.Host.Streams.Events;

/// <summary>
/// A stream as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each message one event with an id, a
/// comment where nothing was said for a while, <c>event: error</c> with an error body where the handler failed.
/// </summary>
internal sealed class EventStreamSession(StreamContext context) : StreamSession(context)
{
    private long _lastId;
    private volatile bool _heartbeatIsDue;

    /// <inheritdoc/>
    public override void Disconnect() => LoseOutput();

    /// <inheritdoc/>
    protected override async Task BeginAsync()
    {
        var headers = Request.ResponseHeaders;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-store";

        // Proxies that gather answers (nginx does) pass this one on as it comes.
        headers["X-Accel-Buffering"] = "no";
        KeepSlowReaders();
        Request.StartResponse();
        await Writer.FlushAsync();
    }

    /// <inheritdoc/>
    protected override void WriteMessage(ReadOnlySpan<byte> json)
    {
        Span<byte> id = stackalloc byte[20];
        (++_lastId).TryFormat(id, out var length, default, CultureInfo.InvariantCulture);
        Writer.Write("id: "u8);
        Writer.Write(id[..length]);
        WriteData("\ndata: "u8, json);
    }

    /// <inheritdoc/>
    protected override void WriteControl()
    {
        if (_heartbeatIsDue)
        {
            _heartbeatIsDue = false;
            Writer.Write(":\n\n"u8);
        }
    }

    /// <inheritdoc/>
    protected override void WriteEnd(StreamEnd end)
    {
        if (end.Error is { } error)
        {
            var body = new ArrayBufferWriter<byte>();
            error.WriteTo(body);
            WriteData("event: error\ndata: "u8, body.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    protected override void OnGrant(int messages)
    {
        // Nothing comes from the client.
    }

    /// <inheritdoc/>
    protected override void OnLook(long now)
    {
        if (now - LastWritten >= Streams.Options.HeartbeatInterval.TotalMilliseconds)
        {
            _heartbeatIsDue = true;
            Wake();
        }
    }

    /// <inheritdoc/>
    protected override void OnShutDown() => Leave();

    /// <inheritdoc/>
    protected override Task FinishAsync() => Task.CompletedTask;

    // JSON has no line breaks of its own, since nothing here writes it indented.
    private void WriteData(ReadOnlySpan<byte> before, ReadOnlySpan<byte> json)
    {
        Writer.Write(before);
        Writer.Write(json);
        Writer.Write("\n\n"u8);
    }
}

using Bridge.Core.Errors;
using Encore.Host.Http;
using Encore.Host.Streams.Events;
using Encore.Host.Streams.WebSockets;

namespace Encore.Host.Streams;

/// <summary>Finds out how a request wants its stream: as a WebSocket, or as events.</summary>
internal static class StreamOpening
{
    private const string EventStream = "text/event-stream";

    /// <summary>Makes the session of a request; nothing is answered yet.</summary>
    /// <param name="context">The stream.</param>
    /// <param name="refusal">Why there is none; null where there is one.</param>
    public static StreamSession? Choose(StreamContext context, out ErrorAnswer? refusal)
    {
        var request = context.Request;
        if (WebSocketHandshake.IsAsked(request))
        {
            var handshake = WebSocketHandshake.Read(request, context.Open.Options.Compresses, out refusal);
            return handshake is null ? null : new WebSocketSession(context, handshake, context.Route.BodyLimit);
        }

        refusal = null;
        if (context.Plan.OnlySends && AsksForEvents(request))
        {
            return new EventStreamSession(context);
        }

        request.ResponseHeaders.Connection = "Upgrade";
        request.ResponseHeaders.Upgrade = "websocket";
        var ways = context.Plan.OnlySends ? $"a WebSocket, or with Accept: {EventStream}" : "a WebSocket";
        refusal = new ErrorAnswer(ErrorCode.FailedPrecondition, $"this endpoint is a stream: open it as {ways}")
        {
            Status = StatusCodes.Status426UpgradeRequired,
            IsFromGateway = true,
        };
        return null;
    }

    private static bool AsksForEvents(RequestState request)
    {
        foreach (var line in request.RequestHeaders.Accept)
        {
            foreach (var type in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (type.Split(';')[0].TrimEnd().Equals(EventStream, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

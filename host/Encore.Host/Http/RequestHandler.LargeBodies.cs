using Bridge.Core.Buffers;
using Bridge.Core.Isolates;

namespace Encore.Host.Http;

/// <content>
/// Endpoints for authenticated callers alone that get a large body: the auth handler judges the credentials before the body is received, in a
/// turn of its own. What it said crosses as JSON to the turn in which the endpoint runs.
/// </content>
internal sealed partial class RequestHandler
{
    // Up to here receiving a body costs less than another turn of the isolate.
    private const long LargestUnjudgedBody = 64 * 1024;

    /// <summary>Whether a body is worth a turn: it is large, or nobody knows how large it is.</summary>
    private static bool JudgesCallerFirst(RequestState request, EndpointRoute route) =>
        route.NeedsAuth && request.ContentLength is not <= LargestUnjudgedBody;

    private async Task ServeLargeBodyAsync(RequestState request, EndpointRoute route)
    {
        using var authData = new PooledBuffer();
        if (!await JudgeAsync(request, route, authData))
        {
            return;
        }

        var status = await request.ReadBodyAsync(route.BodyLimit);
        if (status != BodyStatus.Complete)
        {
            RefuseBody(request, route, status);
            return;
        }

        var refusal = CallPayload.DecodeKnown(PartsOf(request), route, authData.Written, out var payload);
        request.ReleaseBody();
        if (refusal is not null)
        {
            Refuse(request, route, refusal);
            return;
        }

        log.Started(request, route);
        var call = CallOf(request, route.Id, payload) with { BringsAuthData = true };
        Answer(request, route, await isolate.CallAsync(call, request.ClientGone));
    }

    /// <summary>Asks the auth handler, and answers where it doesn't let the caller in.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Its endpoint.</param>
    /// <param name="authData">Gets what the handler says, as JSON.</param>
    private async ValueTask<bool> JudgeAsync(RequestState request, EndpointRoute route, PooledBuffer authData)
    {
        if (CallPayload.DecodeCaller(PartsOf(request), routes.Auth, out var payload) is { } refusal)
        {
            Refuse(request, route, refusal);
            return false;
        }

        using var answer = await isolate.CallAsync(
            CallOf(request, HandlerRequest.AuthOnly, payload) with { Authenticates = true }, request.ClientGone);
        if (answer.Kind != AnswerKind.Headed)
        {
            WriteAnswer(request, route, answer);
            return false;
        }

        request.UserId = answer.ReadHead(out var value).UserId;
        authData.Write(value);
        return true;
    }
}

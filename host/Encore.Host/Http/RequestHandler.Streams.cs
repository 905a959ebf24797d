using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Streams;

namespace Encore.Host.Http;

/// <content>
/// Endpoints with a stream. Whatever refuses the request, the auth handler and middleware included, is answered as for every endpoint; then
/// the script says that the stream opens, and it is served until both sides have ended it.
/// </content>
internal sealed partial class RequestHandler
{
    private Task ServeStreamAsync(RequestState request, EndpointRoute route, StreamPlan plan)
    {
        if (!policies.Cors.MayOpenStream(request))
        {
            Refuse(request, route, Refusals.ForeignOrigin);
            return Task.CompletedTask;
        }

        var session = StreamOpening.Choose(new StreamContext(request, route, plan, streams, isolate, log, showInternals), out var refusal);
        if (session is null)
        {
            Refuse(request, route, refusal!);
            return Task.CompletedTask;
        }

        refusal = Decode(request, route, out var call);
        if (refusal is not null)
        {
            session.Dispose();
            return RefuseAsync(request, route, call, refusal);
        }

        log.Started(request, route);
        return ServeStreamAsync(request, route, session, isolate.CallAsync(call with { Stream = session.Call, HasNoDeadline = true }));
    }

    // All that an open stream keeps of its request's way.
    private async Task ServeStreamAsync(RequestState request, EndpointRoute route, StreamSession session, ValueTask<HandlerAnswer> answering)
    {
        using (session)
        {
            await using var gone = request.ClientGone.UnsafeRegister(static state => ((StreamSession)state!).Disconnect(), session);
            using (var answer = await answering)
            {
                if (!session.HasOpened())
                {
                    WriteAnswer(request, route, answer);
                    return;
                }

                session.End(Conclude(request, route, answer, session));
            }

            await session.WaitForEndAsync();
        }
    }

    private StreamEnd Conclude(RequestState request, EndpointRoute route, HandlerAnswer answer, StreamSession session)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value:
                session.KeepAnswer(answer.Json);
                log.Completed(request, route, ErrorCode.Ok);
                return StreamEnd.Done;
            case AnswerKind.Headed:
                request.UserId = answer.ReadHead(out var value).UserId;
                session.KeepAnswer(value);
                log.Completed(request, route, ErrorCode.Ok);
                return StreamEnd.Done;
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                request.UserId = error.UserId;
                return Fail(request, route, error.ToAnswer(showInternals), error.Text, error.Stack);
            case AnswerKind.Canceled:
                log.Completed(request, route, ErrorCode.Canceled);
                return StreamEnd.Done;
            default:
                return Fail(request, route, Refusals.Lost, "the isolate ended before the handler did", stack: null);
        }
    }

    private StreamEnd Fail(RequestState request, EndpointRoute route, ErrorAnswer answer, string text, string? stack)
    {
        log.Failed(request, route, answer.Code, text, stack);
        log.Completed(request, route, answer.Code);
        return StreamEnd.Failed(answer);
    }
}

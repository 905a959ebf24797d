using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Http;
using Encore.Host.ServiceCalls.Streams;
using Encore.Host.Streams;
using Encore.Host.Streams.WebSockets;

namespace Encore.Host.ServiceCalls;

/// <content>
/// Endpoints with a stream. The signature is checked before the connection is opened, its body's hash when the first message has come; what
/// refuses the call from then on travels as a message.
/// </content>
internal sealed partial class InternalCalls
{
    private static readonly ErrorAnswer NotAsStream = new(ErrorCode.FailedPrecondition, "this endpoint is a stream: hosts open it as a WebSocket")
    {
        Status = StatusCodes.Status426UpgradeRequired,
        IsFromGateway = true,
    };

    private async Task ServeStreamAsync(RequestState request, InternalEndpoint endpoint, StreamPlan plan, CallSignature signature, string timeout)
    {
        ErrorAnswer? refusal = NotAsStream;
        var handshake = WebSocketHandshake.IsAsked(request) ? WebSocketHandshake.Read(request, mayCompress: false, out refusal) : null;
        if (handshake is null)
        {
            Refuse(request, endpoint.Route, refusal!, refusal!.Message);
            return;
        }

        var context = new StreamContext(request, endpoint.Route, plan, streams, isolate, log, ShowInternals: false);
        using var session = new InternalStreamSession(context, handshake);
        await using var gone = request.ClientGone.UnsafeRegister(static state => ((StreamSession)state!).Disconnect(), session);
        session.Open();
        try
        {
            session.End(await AnswerAsync(request, endpoint, session, signature, timeout));
        }
        catch (Exception error)
        {
            // Justification: as at the request's boundary. The other host must learn that there won't be an answer.
            log.Failed(request, endpoint.Route, ErrorCode.Internal, error.Message, error.ToString());
            session.End(StreamEnd.Failed(Refusals.HostFailure));
        }

        await session.WaitForEndAsync();
    }

    private async Task<StreamEnd> AnswerAsync(
        RequestState request, InternalEndpoint endpoint, InternalStreamSession session, CallSignature signature, string timeout)
    {
        if (await session.ReceiveCallAsync() is not { } body)
        {
            return RefuseStream(request, endpoint, Stranger, "its caller didn't say what it calls");
        }

        if (Decode(body, endpoint, signature, out var payload) is { } refusal)
        {
            return RefuseStream(request, endpoint, refusal, refusal.Message);
        }

        log.Started(request, endpoint.Route);
        using var patience = PatienceOf(timeout, session.Gone);
        var call = RequestOf(request, endpoint, payload) with { Stream = session.Call, HasNoDeadline = true };
        using var answer = await isolate.CallAsync(call, patience.Token);
        return Conclude(request, endpoint, answer, session);
    }

    private StreamEnd Conclude(RequestState request, InternalEndpoint endpoint, HandlerAnswer answer, InternalStreamSession session)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value:
                session.KeepAnswer(answer.Json);
                log.Completed(request, endpoint.Route, ErrorCode.Ok);
                return StreamEnd.Done;
            case AnswerKind.Headed:
                request.UserId = answer.ReadHead(out var value).UserId;
                session.KeepAnswer(value);
                log.Completed(request, endpoint.Route, ErrorCode.Ok);
                return StreamEnd.Done;
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                request.UserId = error.UserId;
                return FailStream(request, endpoint, error.ToAnswer(showInternals: false), error.Text, error.Stack, error);
            case AnswerKind.Canceled when session.Gone.IsCancellationRequested:
                log.Completed(request, endpoint.Route, ErrorCode.Canceled);
                return StreamEnd.Done;
            case AnswerKind.Canceled or AnswerKind.TimedOut:
                return FailStream(request, endpoint, Refusals.TimedOut, "the caller's time ran out", stack: null);
            default:
                return FailStream(request, endpoint, Refusals.Lost, "the isolate ended before the handler did", stack: null);
        }
    }

    private StreamEnd FailStream(
        RequestState request, InternalEndpoint endpoint, ErrorAnswer answer, string text, string? stack, HandlerError? thrown = null)
    {
        log.Failed(request, endpoint.Route, answer.Code, text, stack);
        log.Completed(request, endpoint.Route, answer.Code);
        return StreamEnd.Failed(answer, thrown);
    }

    private StreamEnd RefuseStream(RequestState request, InternalEndpoint endpoint, ErrorAnswer answer, string reason)
    {
        log.CallRefused(request, endpoint.Route, answer.Code, reason);
        return answer == Stranger ? StreamEnd.Refused(StreamEnd.PolicyViolation, answer.Message) : StreamEnd.Failed(answer);
    }
}

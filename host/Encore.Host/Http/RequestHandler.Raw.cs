using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Http.Raw;

namespace Encore.Host.Http;

/// <content>
/// Raw endpoints: the handler reads the body and writes the answer itself. Until it has fixed the head, whatever fails is answered as for every
/// endpoint; after that, the connection ends.
/// </content>
internal sealed partial class RequestHandler
{
    private async Task ServeRawAsync(RequestState request, EndpointRoute route)
    {
        if (request.ContentLength > route.BodyLimit)
        {
            RefuseBody(request, route, BodyStatus.TooLarge);
            return;
        }

        if (Decode(request, route, out var call) is { } refusal)
        {
            await RefuseAsync(request, route, call, refusal);
            return;
        }

        log.Started(request, route);
        var exchange = raw.Open(request, route.BodyLimit);
        request.Exchange = exchange;
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(request.ClientGone);
        var answering = isolate.CallAsync(call with { HasNoDeadline = true }, givenUp.Token).AsTask();
        var isLate = await IsLateAsync(Task.WhenAny(answering, exchange.Started));
        if (isLate)
        {
            await givenUp.CancelAsync();
        }

        using var answer = await answering;
        await raw.CloseAsync(exchange);
        if (exchange.Started.IsCompleted)
        {
            // Also where the handler began just as its time ran out: two answers can't be sent.
            ConcludeRaw(request, route, exchange, answer);
        }
        else if (isLate)
        {
            WriteFailure(request, route, Refusals.TimedOut, "the handler didn't answer in time", stack: null);
        }
        else if (exchange.IsTooLarge)
        {
            RefuseBody(request, route, BodyStatus.TooLarge);
        }
        else if (answer.Kind is AnswerKind.Value or AnswerKind.Headed)
        {
            // The handler has given the response up without a word.
            Leave(request, route);
        }
        else
        {
            WriteAnswer(request, route, answer);
        }
    }

    private async Task<bool> IsLateAsync(Task answeringOrStarted)
    {
        try
        {
            await answeringOrStarted.WaitAsync(raw.Deadline);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    /// <summary>The head has been sent: what is left is to say how it ended, and to break off what is incomplete.</summary>
    private void ConcludeRaw(RequestState request, EndpointRoute route, RawExchange exchange, HandlerAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value:
                log.Completed(request, route, ErrorCode.Ok);
                break;
            case AnswerKind.Headed:
                request.UserId = answer.ReadHead(out _).UserId;
                log.Completed(request, route, ErrorCode.Ok);
                break;
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                request.UserId = error.UserId;
                log.Failed(request, route, ErrorCode.Internal, error.Text, error.Stack);
                log.Completed(request, route, ErrorCode.Internal);
                request.Abort();
                break;
            case AnswerKind.Canceled when exchange.IsAnswered:
                // The client has all it wanted, and didn't wait for the handler.
                log.Completed(request, route, ErrorCode.Ok);
                break;
            default:
                Leave(request, route);
                break;
        }
    }
}

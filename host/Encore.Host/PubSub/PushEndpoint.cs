using Bridge.Core.Errors;
using Bridge.Core.PubSub;
using Encore.Host.Http;
using Encore.Host.Routing;

namespace Encore.Host.PubSub;

/// <summary>
/// Takes messages that brokers send by themselves: <c>POST /__encore/pubsub/push/:id</c>. It answers 204 once a message has ended, and what isn't
/// that has the broker send it again. Thread: any.
/// </summary>
/// <param name="receivers">What takes them, by the path's last part.</param>
/// <param name="log">Receives the refusals' lines.</param>
internal sealed class PushEndpoint(IReadOnlyDictionary<string, IPushReceiver> receivers, RequestLog log)
{
    /// <summary>Where messages are sent to; no application's route can take its place.</summary>
    public const string PathPrefix = "/__encore/pubsub/push/";

    // For whoever knocks without a token; why it was refused is in the log.
    private static readonly ErrorAnswer Stranger = new(ErrorCode.Unauthenticated, "this path is for the application's message broker") { IsFromGateway = true };

    private static readonly ErrorAnswer Undecided = new(ErrorCode.Unavailable, "the sender can't be verified now") { IsFromGateway = true };

    /// <summary>The endpoint; null where nothing is sent.</summary>
    public static PushEndpoint? Of(IEnumerable<IPushReceiver> receivers, RequestLog log)
    {
        var known = receivers.ToDictionary(receiver => receiver.Id, StringComparer.Ordinal);
        return known.Count == 0 ? null : new PushEndpoint(known, log);
    }

    /// <summary>The path of a receiver's messages.</summary>
    public static string PathOf(string id) => PathPrefix + Uri.EscapeDataString(id);

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request; its path begins with <see cref="PathPrefix"/>.</param>
    public async Task ServeAsync(RequestState request)
    {
        try
        {
            var id = Uri.UnescapeDataString(RequestTarget.Parse(request.RawTarget).Path[PathPrefix.Length..].ToString());
            if (!receivers.TryGetValue(id, out var receiver))
            {
                Refuse(request, Refusals.UnknownEndpoint, $"no subscription is pushed to {id}");
            }
            else if (RouteMethods.Parse(request.Method) != RouteMethod.Post)
            {
                Refuse(request, Refusals.WrongMethod(RouteMethod.Post.Bit()), "messages are sent by POST");
            }
            else if (await receiver.RefusalOfAsync(request.Find("authorization"), request.ClientGone) is { } refusal)
            {
                Refuse(request, Stranger, refusal);
            }
            else
            {
                await TakeAsync(request, receiver);
            }
        }
        catch (BrokerException error)
        {
            Refuse(request, Undecided, error.Message);
        }
        catch (OperationCanceledException) when (request.ClientGone.IsCancellationRequested)
        {
            request.Abort();
        }
        catch (Exception error)
        {
            // Justification: the request's boundary. A fault of ours costs this one request, whose message comes again.
            request.ReleaseBody();
            if (!request.HasResponseStarted)
            {
                Refuse(request, Refusals.HostFailure, error.ToString());
            }
        }
    }

    private async Task TakeAsync(RequestState request, IPushReceiver receiver)
    {
        var status = await request.ReadBodyAsync(receiver.MaxBody);
        if (status == BodyStatus.ClientGone)
        {
            request.ReleaseBody();
            request.Abort();
            return;
        }

        if (status != BodyStatus.Complete)
        {
            var unread = Refusals.Body(status, request.Body.Fault, receiver.MaxBody);
            request.ReleaseBody();
            Refuse(request, unread, unread.Message);
            return;
        }

        var receiving = receiver.ReceiveAsync(request.BodyBytes, request.ClientGone);
        request.ReleaseBody();
        Answer(request, await receiving);
    }

    private void Answer(RequestState request, PushAnswer answer)
    {
        if (request.ClientGone.IsCancellationRequested)
        {
            request.Abort();
            return;
        }

        switch (answer.Outcome)
        {
            case PushOutcome.Done:
                request.SetStatus(StatusCodes.Status204NoContent);
                break;
            case PushOutcome.Failed:
                // Why is in the log already, with the message.
                ResponseWriter.WriteError(request, new ErrorAnswer(ErrorCode.Internal, answer.Reason) { IsFromGateway = true });
                break;
            default:
                Refuse(request, new ErrorAnswer(CodeOf(answer.Outcome), answer.Reason) { IsFromGateway = true }, answer.Reason);
                break;
        }
    }

    private static ErrorCode CodeOf(PushOutcome outcome) => outcome switch
    {
        PushOutcome.Busy => ErrorCode.ResourceExhausted,
        PushOutcome.Malformed => ErrorCode.InvalidArgument,
        _ => ErrorCode.Unavailable,
    };

    private void Refuse(RequestState request, ErrorAnswer answer, string reason)
    {
        log.PushRefused(request, answer.Code, reason);
        ResponseWriter.WriteError(request, answer);
    }
}

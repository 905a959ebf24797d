using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Http.Raw;
using Encore.Host.PubSub;
using Encore.Host.Routing;
using Encore.Host.ServiceCalls;
using Encore.Host.Streams;
using Encore.Host.Streams.WebSockets;

namespace Encore.Host.Http;

/// <summary>
/// A request's way: health, route, exposure, body, decode, handler, encode.
/// </summary>
/// <remarks>
/// The hot path. It allocates nothing of its own but the payload's buffer and, while the handler works, the state of
/// <see cref="ServeCallAsync"/>; it never blocks, since it runs on the threads that serve all sockets.
/// </remarks>
/// <param name="routes">The application's routes.</param>
/// <param name="isolate">Runs the handlers.</param>
/// <param name="health">Answers for itself.</param>
/// <param name="log">Receives the requests' lines.</param>
/// <param name="showInternals">Whether clients see internal messages: in development.</param>
/// <param name="policies">What is decided before and after the routes.</param>
/// <param name="streams">The streams that are open.</param>
/// <param name="raw">The requests that handlers read and write themselves.</param>
/// <param name="calls">Answers the application's other hosts; null where it has none.</param>
/// <param name="pushes">Takes messages that brokers send; null where none does.</param>
internal sealed partial class RequestHandler(
    EndpointRoutes routes,
    Isolate isolate,
    HealthEndpoint health,
    RequestLog log,
    bool showInternals,
    EdgePolicies policies,
    OpenStreams streams,
    RawExchanges raw,
    InternalCalls? calls,
    PushEndpoint? pushes)
{
    /// <summary>Answers a request.</summary>
    public Task HandleAsync(RequestState request)
    {
        request.Begin();
        var path = RequestTarget.Parse(request.RawTarget).Path;
        if (path.SequenceEqual(HealthEndpoint.Path))
        {
            health.Answer(request);
            return Task.CompletedTask;
        }

        if (calls is not null && path.StartsWith(CallWire.PathPrefix, StringComparison.Ordinal))
        {
            request.Compression = null;
            return calls.ServeAsync(request);
        }

        if (pushes is not null && path.StartsWith(PushEndpoint.PathPrefix, StringComparison.Ordinal))
        {
            request.Compression = null;
            return pushes.ServeAsync(request);
        }

        request.Compression = policies.Compression;
        if (request.RequestHeaders.Origin.Count > 0 && policies.Cors.Apply(request))
        {
            return Task.CompletedTask;
        }

        var match = routes.Table.Match(MethodOf(request), path, request.RoomForPathValues(routes.Table.MaxValues));
        if (match.IsFound && routes[match.Route] is { IsExposed: true } route)
        {
            request.PathValueCount = match.ValueCount;
            request.Route = route;
            return route.IsCall ? ServeCallAsync(request, route) : ServeAsync(request, route);
        }

        if (match.Allowed != 0 && HttpMethods.IsOptions(request.Method))
        {
            ResponseWriter.WriteOptions(request, match.Allowed);
            return Task.CompletedTask;
        }

        Refuse(request, null, match.Allowed == 0 ? Refusals.UnknownEndpoint : Refusals.WrongMethod(match.Allowed));
        return Task.CompletedTask;
    }

    /// <summary>The method to look for; streams are opened by GET, or where HTTP/2 has another way to ask for a WebSocket, by that.</summary>
    private static RouteMethod MethodOf(RequestState request)
    {
        var method = RouteMethods.Parse(request.Method);
        return method == RouteMethod.Unknown && WebSocketHandshake.IsConnect(request) ? RouteMethod.Get : method;
    }

    /// <summary>Serves an endpoint that isn't a call: apart from those, since streams stay and what they keep is to be little.</summary>
    private async Task ServeAsync(RequestState request, EndpointRoute route)
    {
        try
        {
            await (route switch
            {
                { Stream: { } stream } => ServeStreamAsync(request, route, stream),
                { Static: { } files } => ServeFileAsync(request, route, files),
                _ => ServeRawAsync(request, route),
            });
        }
        catch (Exception error)
        {
            // Justification: the request's boundary. A fault of ours costs this one request and is in the log.
            Fail(request, route, error);
        }
    }

    private async Task ServeCallAsync(RequestState request, EndpointRoute route)
    {
        try
        {
            if (route.Request.ReadsBody)
            {
                // Nobody's body is worth receiving: an endpoint's limit may be as large as memory allows.
                if (route.NeedsAuth && !BringsCredentials(request))
                {
                    Refuse(request, route, Refusals.NoCredentials);
                    return;
                }

                if (JudgesCallerFirst(request, route))
                {
                    await ServeLargeBodyAsync(request, route);
                    return;
                }

                var status = await request.ReadBodyAsync(route.BodyLimit);
                if (status != BodyStatus.Complete)
                {
                    RefuseBody(request, route, status);
                    return;
                }
            }

            var refusal = Decode(request, route, out var call);
            if (refusal is null)
            {
                log.Started(request, route);
                Answer(request, route, await isolate.CallAsync(call, request.ClientGone));
            }
            else
            {
                await RefuseAsync(request, route, call, refusal);
            }
        }
        catch (Exception error)
        {
            // Justification: as above.
            Fail(request, route, error);
        }
    }

    /// <summary>Serves a file; the isolate is asked who the caller is where only authenticated ones may have it, and otherwise not at all.</summary>
    private async Task ServeFileAsync(RequestState request, EndpointRoute route, Static.StaticEndpoint files)
    {
        if (route.NeedsAuth)
        {
            if (Decode(request, route, out var call) is { } refusal)
            {
                Refuse(request, route, refusal);
                return;
            }

            if (!await IsLetInAsync(request, route, call with { Endpoint = HandlerRequest.AuthOnly }))
            {
                return;
            }
        }

        log.Started(request, route);
        await files.ServeAsync(request);
        log.Completed(request, route, ErrorCode.Ok);
    }

    /// <summary>Turns the request's parts into a call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Its endpoint.</param>
    /// <param name="call">The call; where it is refused and still authenticates, one of the auth handler, which decides first.</param>
    /// <returns>Why the endpoint can't be called; null where it can.</returns>
    private ErrorAnswer? Decode(RequestState request, EndpointRoute route, out HandlerRequest call)
    {
        var parts = PartsOf(request);
        var refusal = CallPayload.Decode(parts, routes.Auth, route, out var authenticates, out var payload);
        request.ReleaseBody();
        call = CallOf(request, refusal is null ? route.Id : HandlerRequest.AuthOnly, payload) with { Authenticates = authenticates };
        return refusal;
    }

    private static HandlerRequest CallOf(RequestState request, int endpoint, PooledBuffer? payload) => new()
    {
        Endpoint = endpoint,
        Payload = payload,
        Trace = new CallTrace(request.Trace.Bits, request.Span.Bits),
        Source = request,
    };

    private bool BringsCredentials(RequestState request)
    {
        using var scratch = new PooledBuffer();
        return routes.Auth.IsAsked(PartsOf(request), scratch);
    }

    private static RequestParts PartsOf(RequestState request)
    {
        var target = RequestTarget.Parse(request.RawTarget);
        return new RequestParts
        {
            Path = target.Path,
            PathValues = request.PathValues,
            Query = target.Query,
            Body = request.BodyBytes,
            Headers = request,
        };
    }

    /// <summary>Refuses a request, unless the auth handler, which decides first, has answered it.</summary>
    private async Task RefuseAsync(RequestState request, EndpointRoute route, HandlerRequest call, ErrorAnswer refusal)
    {
        if (!call.Authenticates || await IsLetInAsync(request, route, call))
        {
            Refuse(request, route, refusal);
        }
    }

    /// <summary>Asks the auth handler alone, of a request that is refused for other reasons; answers where it is refused for this one.</summary>
    private async ValueTask<bool> IsLetInAsync(RequestState request, EndpointRoute route, HandlerRequest call)
    {
        using var answer = await isolate.CallAsync(call, request.ClientGone);
        if (answer.Kind is AnswerKind.Value or AnswerKind.Headed)
        {
            return true;
        }

        // Whether anonymous callers are let in, the endpoint says; the call was of the handler alone.
        if (answer.Kind == AnswerKind.Error && !route.NeedsAuth && HandlerError.Parse(answer.Json).Code == ErrorCode.Unauthenticated)
        {
            return true;
        }

        WriteAnswer(request, route, answer);
        return false;
    }

    /// <summary>Writes what came of the call, and gives the answer's bytes back.</summary>
    private void Answer(RequestState request, EndpointRoute route, HandlerAnswer answer)
    {
        using (answer)
        {
            WriteAnswer(request, route, answer);
        }
    }

    private void WriteAnswer(RequestState request, EndpointRoute route, HandlerAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value:
                WriteValue(request, route, answer.Json);
                break;
            case AnswerKind.Headed:
                var heading = answer.ReadHead(out var value);
                request.UserId = heading.UserId;
                if (ResponseHeading.Apply(heading, request))
                {
                    WriteValue(request, route, value);
                }
                else
                {
                    log.Completed(request, route, ErrorCode.Ok);
                }

                break;
            case AnswerKind.Error:
                WriteHandlerError(request, route, HandlerError.Parse(answer.Json));
                break;
            case AnswerKind.Canceled:
                Leave(request, route);
                break;
            case AnswerKind.TimedOut:
                WriteFailure(request, route, Refusals.TimedOut, "the handler didn't answer in time", stack: null);
                break;
            default:
                WriteFailure(request, route, Refusals.Lost, "the isolate ended before the handler answered", stack: null);
                break;
        }
    }

    private void WriteValue(RequestState request, EndpointRoute route, ReadOnlySpan<byte> json)
    {
        var body = ResponseWriter.Rent();
        try
        {
            var result = route.Response.Encode(json, body, request);
            if (result.Error is { } error)
            {
                WriteFailure(request, route, Refusals.Unsendable(showInternals ? error : null), error, stack: null);
                return;
            }

            if (route.Check is { } check)
            {
                log.Differs(request, route, check.Check(json));
            }

            log.Completed(request, route, ErrorCode.Ok);
            if (result.HasBody)
            {
                ResponseWriter.WriteJson(request, body.Written);
            }
        }
        finally
        {
            ResponseWriter.Return(body);
        }
    }

    private void WriteHandlerError(RequestState request, EndpointRoute route, HandlerError error)
    {
        request.UserId = error.UserId;
        var answer = error.ToAnswer(showInternals);
        if (error.IsRefusal && error.Code is not null)
        {
            Refuse(request, route, answer);
        }
        else
        {
            WriteFailure(request, route, answer, error.Text, error.Stack);
        }
    }

    private void WriteFailure(RequestState request, EndpointRoute route, ErrorAnswer answer, string text, string? stack)
    {
        log.Failed(request, route, answer.Code, text, stack);
        log.Completed(request, route, answer.Code);
        ResponseWriter.WriteError(request, answer);
    }

    private void RefuseBody(RequestState request, EndpointRoute route, BodyStatus status)
    {
        var fault = request.Body.Fault;
        request.ReleaseBody();
        if (status == BodyStatus.ClientGone)
        {
            Leave(request, route);
        }
        else
        {
            Refuse(request, route, Refusals.Body(status, fault, route.BodyLimit));
        }
    }

    private void Leave(RequestState request, EndpointRoute route)
    {
        log.Completed(request, route, ErrorCode.Canceled);
        request.Abort();
    }

    private void Refuse(RequestState request, EndpointRoute? route, ErrorAnswer answer)
    {
        log.Refused(request, route, answer);
        ResponseWriter.WriteError(request, answer);
    }

    private void Fail(RequestState request, EndpointRoute route, Exception error)
    {
        request.ReleaseBody();
        if (!request.HasResponseStarted)
        {
            WriteFailure(request, route, Refusals.HostFailure, error.Message, error.ToString());
        }
        else
        {
            log.Failed(request, route, ErrorCode.Internal, error.Message, error.ToString());
        }
    }
}

using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Routing;

namespace Encore.Host.Http;

/// <summary>
/// A request's way: health, route, exposure, body, decode, handler, encode.
/// </summary>
/// <remarks>
/// The hot path. It allocates nothing of its own but the payload's buffer and, while the handler works, the state of
/// <see cref="ServeAsync"/>; it never blocks, since it runs on the threads that serve all sockets.
/// </remarks>
/// <param name="routes">The application's routes.</param>
/// <param name="isolate">Runs the handlers.</param>
/// <param name="health">Answers for itself.</param>
/// <param name="log">Receives the requests' lines.</param>
/// <param name="showInternals">Whether clients see internal messages: in development.</param>
internal sealed class RequestHandler(EndpointRoutes routes, Isolate isolate, HealthEndpoint health, RequestLog log, bool showInternals)
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

        var match = routes.Table.Match(RouteMethods.Parse(request.Method), path, request.RoomForPathValues(routes.Table.MaxValues));
        if (match.IsFound && routes[match.Route] is { IsExposed: true } route)
        {
            request.PathValueCount = match.ValueCount;
            return ServeAsync(request, route);
        }

        Refuse(request, null, match.Allowed == 0 ? Refusals.UnknownEndpoint : Refusals.WrongMethod(match.Allowed));
        return Task.CompletedTask;
    }

    private async Task ServeAsync(RequestState request, EndpointRoute route)
    {
        try
        {
            if (route.Request.ReadsBody)
            {
                var status = await request.Body.ReadAsync(request.BodyPipe, request.ContentLength, route.BodyLimit);
                if (status != BodyStatus.Complete)
                {
                    RefuseBody(request, route, status);
                    return;
                }
            }

            if (Decode(request, route, out var payload) is { } failure)
            {
                Refuse(request, route, Refusals.Decode(failure));
                return;
            }

            log.Started(request, route);
            Answer(request, route, await isolate.CallAsync(route.Id, payload, request.ClientGone));
        }
        catch (Exception error)
        {
            // Justification: the request's boundary. A fault of ours costs this one request and is in the log.
            Fail(request, route, error);
        }
    }

    /// <summary>Turns the request's parts into the handler's parameters: the caller's to pass on, null where the handler takes none.</summary>
    private static DecodeFailure? Decode(RequestState request, EndpointRoute route, out PooledBuffer? payload)
    {
        payload = null;
        if (!route.Request.HasParameters)
        {
            return null;
        }

        var target = RequestTarget.Parse(request.RawTarget);
        var parts = new RequestParts
        {
            Path = target.Path,
            PathValues = request.PathValues,
            Query = target.Query,
            Body = request.Body.Bytes,
            Headers = request,
        };
        var output = new PooledBuffer();
        var failure = route.Request.Decode(in parts, output);
        request.Body.Release();
        if (failure is null)
        {
            payload = output;
        }
        else
        {
            output.Dispose();
        }

        return failure;
    }

    /// <summary>Writes what came of the call, and gives the answer's bytes back.</summary>
    private void Answer(RequestState request, EndpointRoute route, HandlerAnswer answer)
    {
        using (answer)
        {
            switch (answer.Kind)
            {
                case AnswerKind.Value:
                    WriteValue(request, route, answer.Json);
                    break;
                case AnswerKind.Error:
                    WriteHandlerError(request, route, HandlerError.Parse(answer.Json));
                    break;
                case AnswerKind.Canceled:
                    Leave(request, route);
                    break;
                default:
                    WriteFailure(request, route, Refusals.Lost, "the isolate ended before the handler answered", stack: null);
                    break;
            }
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

    private void WriteHandlerError(RequestState request, EndpointRoute route, HandlerError error) =>
        WriteFailure(request, route, error.ToAnswer(showInternals), error.Text, error.Stack);

    private void WriteFailure(RequestState request, EndpointRoute route, ErrorAnswer answer, string text, string? stack)
    {
        log.Failed(request, route, answer.Code, text, stack);
        log.Completed(request, route, answer.Code);
        ResponseWriter.WriteError(request, answer);
    }

    private void RefuseBody(RequestState request, EndpointRoute route, BodyStatus status)
    {
        var fault = request.Body.Fault;
        request.Body.Release();
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
        request.Body.Release();
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

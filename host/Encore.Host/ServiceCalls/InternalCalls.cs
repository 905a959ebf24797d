using System.Globalization;
using Bridge.Core.Buffers;
using Bridge.Core.Errors;
using Bridge.Core.Isolates;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Http;
using Encore.Host.Routing;
using Encore.Host.Streams;

namespace Encore.Host.ServiceCalls;

/// <summary>Answers the calls of the application's other hosts. Thread: any.</summary>
/// <param name="endpoints">What they may call.</param>
/// <param name="keys">One of them must have signed a call.</param>
/// <param name="isolate">Runs the handlers.</param>
/// <param name="streams">The streams that are open.</param>
/// <param name="log">Receives the requests' lines.</param>
/// <param name="time">The clock that signatures are compared with.</param>
internal sealed partial class InternalCalls(
    IReadOnlyDictionary<string, InternalEndpoint> endpoints,
    IReadOnlyList<AuthKey> keys,
    Isolate isolate,
    OpenStreams streams,
    RequestLog log,
    TimeProvider time)
{
    private const string TraceHeader = "traceparent";

    // For whoever knocks without a key; why it was refused is in the log.
    private static readonly ErrorAnswer Stranger = new(ErrorCode.Unauthenticated, "this path is for the application's own hosts") { IsFromGateway = true };

    /// <summary>Answers a call.</summary>
    /// <param name="request">The request; its path begins with <see cref="CallWire.PathPrefix"/>.</param>
    public async Task ServeAsync(RequestState request)
    {
        var name = RequestTarget.Parse(request.RawTarget).Path[CallWire.PathPrefix.Length..].ToString();
        var timeout = request.Find(CallWire.TimeoutHeader) ?? "";
        var call = new SignedCall(name, request.Find(TraceHeader) ?? "", timeout);
        if (!CallSignature.TryParse(request.Find(CallWire.SignatureHeader), out var signature))
        {
            Refuse(request, null, Stranger, "it isn't signed");
        }
        else if (signature.FaultOf(keys, call, time.GetUtcNow()) is { } fault)
        {
            Refuse(request, null, Stranger, fault);
        }
        else if (!endpoints.TryGetValue(name, out var endpoint))
        {
            Refuse(request, null, Refusals.UnknownEndpoint, $"{name} is no endpoint of the services that run here");
        }
        else
        {
            request.Route = endpoint.Route;
            await ServeAsync(request, endpoint, signature, timeout);
        }
    }

    private async Task ServeAsync(RequestState request, InternalEndpoint endpoint, CallSignature signature, string timeout)
    {
        try
        {
            if (endpoint.Route.Stream is { } plan)
            {
                await ServeStreamAsync(request, endpoint, plan, signature, timeout);
                return;
            }

            if (await request.ReadBodyAsync(EndpointRoutes.LargestBody) is var status and not BodyStatus.Complete)
            {
                RefuseBody(request, endpoint, status);
                return;
            }

            var refusal = Decode(request.BodyBytes, endpoint, signature, out var payload);
            request.ReleaseBody();
            if (refusal is not null)
            {
                Refuse(request, endpoint.Route, refusal, refusal.Message, isOfCaller: refusal != Stranger);
                return;
            }

            log.Started(request, endpoint.Route);
            using var patience = PatienceOf(timeout, request.ClientGone);
            using var answer = await isolate.CallAsync(RequestOf(request, endpoint, payload), patience.Token);
            Write(request, endpoint, answer);
        }
        catch (Exception error)
        {
            // Justification: the request's boundary. A fault of ours costs this one call and is in the log.
            request.ReleaseBody();
            log.Failed(request, endpoint.Route, ErrorCode.Internal, error.Message, error.ToString());
            if (!request.HasResponseStarted)
            {
                InternalAnswer.WriteError(request, Refusals.HostFailure);
            }
        }
    }

    private static CancellationTokenSource PatienceOf(string timeout, CancellationToken callerGone)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(callerGone);
        if (int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            patience.CancelAfter(milliseconds);
        }

        return patience;
    }

    private static ErrorAnswer? Decode(ReadOnlySpan<byte> body, InternalEndpoint endpoint, CallSignature signature, out PooledBuffer payload)
    {
        payload = new PooledBuffer();
        var refusal = signature.Covers(body) ? endpoint.Decode(body, payload) : Stranger;
        if (refusal is not null)
        {
            payload.Dispose();
        }

        return refusal;
    }

    private static HandlerRequest RequestOf(RequestState request, InternalEndpoint endpoint, PooledBuffer payload) => new()
    {
        Endpoint = endpoint.Route.Id,
        Payload = payload,
        BringsAuthData = true,
        Trace = new CallTrace(request.Trace.Bits, request.Span.Bits),
        Source = endpoint.SourceOf(request),
    };

    private void Write(RequestState request, InternalEndpoint endpoint, HandlerAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Value:
                WriteValue(request, endpoint, answer.Json);
                break;
            case AnswerKind.Headed:
                request.UserId = answer.ReadHead(out var value).UserId;
                WriteValue(request, endpoint, value);
                break;
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                request.UserId = error.UserId;
                Fail(request, endpoint, error.ToAnswer(showInternals: false), error.Text, error.Stack, error);
                break;
            case AnswerKind.Canceled when request.ClientGone.IsCancellationRequested:
                log.Completed(request, endpoint.Route, ErrorCode.Canceled);
                request.Abort();
                break;
            case AnswerKind.Canceled or AnswerKind.TimedOut:
                Fail(request, endpoint, Refusals.TimedOut, "the handler didn't answer in time", stack: null);
                break;
            default:
                Fail(request, endpoint, Refusals.Lost, "the isolate ended before the handler answered", stack: null);
                break;
        }
    }

    private void WriteValue(RequestState request, InternalEndpoint endpoint, ReadOnlySpan<byte> json)
    {
        var body = ResponseWriter.Rent();
        try
        {
            if (endpoint.Encode(json, body) is { } error)
            {
                Fail(request, endpoint, Refusals.Unsendable(internalMessage: null), error, stack: null);
                return;
            }

            log.Completed(request, endpoint.Route, ErrorCode.Ok);
            InternalAnswer.WriteValue(request, body.Written);
        }
        finally
        {
            ResponseWriter.Return(body);
        }
    }

    private void Fail(RequestState request, InternalEndpoint endpoint, ErrorAnswer answer, string text, string? stack, HandlerError? thrown = null)
    {
        log.Failed(request, endpoint.Route, answer.Code, text, stack);
        log.Completed(request, endpoint.Route, answer.Code);
        InternalAnswer.WriteError(request, answer, thrown);
    }

    private void RefuseBody(RequestState request, InternalEndpoint endpoint, BodyStatus status)
    {
        var fault = request.Body.Fault;
        request.ReleaseBody();
        if (status == BodyStatus.ClientGone)
        {
            log.Completed(request, endpoint.Route, ErrorCode.Canceled);
            request.Abort();
            return;
        }

        var answer = Refusals.Body(status, fault, EndpointRoutes.LargestBody);
        Refuse(request, endpoint.Route, answer, answer.Message, isOfCaller: true);
    }

    /// <param name="request">The request.</param>
    /// <param name="route">The endpoint, where it is known.</param>
    /// <param name="answer">What the caller is told.</param>
    /// <param name="reason">What the log is told.</param>
    /// <param name="isOfCaller">Whether the calling code is to get the error, rather than that its host may not call.</param>
    private void Refuse(RequestState request, EndpointRoute? route, ErrorAnswer answer, string reason, bool isOfCaller = false)
    {
        log.CallRefused(request, route, answer.Code, reason);
        InternalAnswer.WriteError(request, answer, isRefusal: !isOfCaller);
    }
}

using System.Net;
using System.Text.Json;
using Bridge.Core.Operations;

namespace Encore.Host.ServiceCalls;

/// <summary>Calls endpoints that other hosts run. Thread: any.</summary>
/// <remarks>
/// A call is sent again where that can't do harm: whatever it is, while nothing of it has left this machine; one of a safe endpoint also
/// after its answer was lost, or its host said that it can't serve now.
/// </remarks>
/// <param name="endpoints">The endpoints by their full names.</param>
/// <param name="transport">Reaches the hosts.</param>
internal sealed class RemoteCalls(IReadOnlyDictionary<string, RemoteEndpoint> endpoints, RemoteTransport transport) : IOperationHandler
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "serviceCall";

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var endpoint = RemoteEndpoint.Find(endpoints, payload, out _);
        var call = new RemoteCall(payload);
        var last = await transport.ReachAsync(endpoint, call, () => AttemptAsync(endpoint, call, cancellation), cancellation);
        return last.HasResult ? last.Result : RemoteAnswer.Unavailable(endpoint);
    }

    private async Task<RemoteAttempt<OperationOutcome>> AttemptAsync(RemoteEndpoint endpoint, RemoteCall call, CancellationToken cancellation)
    {
        try
        {
            using var request = call.CreateRequest(endpoint, transport.Now);
            using var response = await transport.Http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            var isBusy = endpoint.IsSafe && response.StatusCode == HttpStatusCode.ServiceUnavailable;
            return KindOf(response) is { } kind
                ? RemoteAttempt<OperationOutcome>.Succeeded(RemoteAnswer.Read(endpoint, kind, body), isBusy)
                : RemoteAttempt<OperationOutcome>.Failed(RemoteTransport.ForeignAnswer(response.StatusCode), isBusy);
        }
        catch (HttpRequestException error)
        {
            return RemoteAttempt<OperationOutcome>.Failed(error.Message, endpoint.IsSafe || !RemoteTransport.WasSent(error));
        }
        catch (IOException error)
        {
            return RemoteAttempt<OperationOutcome>.Failed(error.Message, endpoint.IsSafe);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            // No connection within its time.
            return RemoteAttempt<OperationOutcome>.Failed(error.Message, mayRepeat: true);
        }
    }

    private static string? KindOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(CallWire.AnswerHeader, out var values) ? values.FirstOrDefault() : null;
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.Core.Operations;
using Encore.Host.Logging;

namespace Encore.Host.ServiceCalls;

/// <summary>Calls endpoints that other hosts run. Thread: any.</summary>
/// <remarks>
/// A call is sent again where that can't do harm: whatever it is, while nothing of it has left this machine; one of a safe endpoint also
/// after its answer was lost, or its host said that it can't serve now.
/// </remarks>
/// <param name="endpoints">The endpoints by their full names.</param>
/// <param name="log">Receives what can't be reached.</param>
/// <param name="time">The clock that signatures go by.</param>
internal sealed class RemoteCalls(IReadOnlyDictionary<string, RemoteEndpoint> endpoints, LogSink log, TimeProvider time) : IOperationHandler, IDisposable
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "serviceCall";

    // Long enough for a host that is being replaced to leave a balancer's list, short enough for somebody who waits.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(450)];

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // DNS changes are seen within this time, since no connection lives longer.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        UseCookies = false,
        UseProxy = false,
    });

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var endpoint = endpoints[CallWire.NameOf(payload.GetProperty("service").GetString() ?? "", payload.GetProperty("endpoint").GetString() ?? "")];
        if (endpoint.Address is null)
        {
            throw new OperationException(
                "Error", $"{endpoint.FullName} isn't run by this host: add {endpoint.Service} to hosted_services, or its base_url to service_discovery, in infra.config.json");
        }

        var call = new RemoteCall(payload);
        for (var attempt = 0; ; attempt++)
        {
            var result = await AttemptAsync(endpoint, call, cancellation);
            if (!result.MayRepeat || attempt == Pauses.Length)
            {
                return result.Outcome ?? GiveUp(endpoint, call, result.Fault, attempt + 1);
            }

            await Task.Delay(Pauses[attempt] * (0.5 + Random.Shared.NextDouble()), cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Attempt> AttemptAsync(RemoteEndpoint endpoint, RemoteCall call, CancellationToken cancellation)
    {
        try
        {
            using var request = call.CreateRequest(endpoint, time.GetUtcNow());
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            var isBusy = endpoint.IsSafe && response.StatusCode == HttpStatusCode.ServiceUnavailable;
            return KindOf(response) is { } kind
                ? new Attempt(RemoteAnswer.Read(endpoint, kind, body), "", isBusy)
                : new Attempt(null, $"something else than a host answered with status {(int)response.StatusCode}", isBusy);
        }
        catch (HttpRequestException error)
        {
            var wasSent = error.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);
            return new Attempt(null, error.Message, endpoint.IsSafe || !wasSent);
        }
        catch (IOException error)
        {
            return new Attempt(null, error.Message, endpoint.IsSafe);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            // No connection within its time.
            return new Attempt(null, error.Message, MayRepeat: true);
        }
    }

    private static string? KindOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(CallWire.AnswerHeader, out var values) ? values.FirstOrDefault() : null;

    private OperationOutcome GiveUp(RemoteEndpoint endpoint, RemoteCall call, string fault, int attempts)
    {
        log.Write(new LogEntry
        {
            Severity = LogSeverity.Error,
            Message = "service call failed",
            Error = fault,
            Trace = call.Trace,
            FieldsJson = new JsonObject { ["target"] = endpoint.FullName, ["address"] = endpoint.Address?.Authority, ["attempts"] = attempts }.ToJsonString(),
        });
        return RemoteAnswer.Unavailable(endpoint);
    }

    /// <summary>What came of one request.</summary>
    /// <param name="Outcome">The host's answer; null where there is none.</param>
    /// <param name="Fault">Why there is none.</param>
    /// <param name="MayRepeat">Whether another request does no harm, and may do better.</param>
    private readonly record struct Attempt(OperationOutcome? Outcome, string Fault, bool MayRepeat);
}

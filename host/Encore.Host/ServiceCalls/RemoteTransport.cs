using System.Net;
using System.Text.Json.Nodes;
using Encore.Host.Logging;

namespace Encore.Host.ServiceCalls;

/// <summary>Reaches the application's other hosts: the connections to them, and how often it is tried. Thread: any.</summary>
/// <param name="log">Receives what can't be reached.</param>
/// <param name="time">The clock that signatures go by.</param>
internal sealed class RemoteTransport(LogSink log, TimeProvider time) : IDisposable
{
    // Long enough for a host that is being replaced to leave a balancer's list, short enough for somebody who waits.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(450)];

    /// <summary>Sends requests, those that ask for a WebSocket too.</summary>
    public HttpMessageInvoker Http { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // DNS changes are seen within this time, since no connection lives longer.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Now, for signatures.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Makes attempts until one is the last; what none of them brought is in the log.</summary>
    /// <param name="endpoint">What is to be reached.</param>
    /// <param name="call">The call.</param>
    /// <param name="attempt">Makes one attempt.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns>The last attempt.</returns>
    public async Task<RemoteAttempt<T>> ReachAsync<T>(
        RemoteEndpoint endpoint, RemoteCall call, Func<Task<RemoteAttempt<T>>> attempt, CancellationToken cancellation)
    {
        for (var count = 0; ; count++)
        {
            var result = await attempt();
            if (!result.MayRepeat || count == Pauses.Length)
            {
                if (!result.HasResult)
                {
                    LogFailure("service call failed", endpoint, call, result.Fault, count + 1);
                }

                return result;
            }

            await Task.Delay(Pauses[count] * (0.5 + Random.Shared.NextDouble()), cancellation);
        }
    }

    /// <summary>Writes a line of a call that went wrong on its way.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="call">The call.</param>
    /// <param name="fault">Why.</param>
    /// <param name="attempts">How often it was tried; null where that says nothing.</param>
    public void LogFailure(string message, RemoteEndpoint endpoint, RemoteCall call, string fault, int? attempts = null)
    {
        var fields = new JsonObject { ["target"] = endpoint.FullName, ["address"] = endpoint.Address?.Authority };
        if (attempts is { } count)
        {
            fields["attempts"] = count;
        }

        log.Write(new LogEntry
        {
            Severity = LogSeverity.Error,
            Message = message,
            Error = fault,
            Trace = call.Trace,
            FieldsJson = fields.ToJsonString(),
        });
    }

    /// <summary>Whether something of a request may have left this machine before it failed: only then is it known at the other end.</summary>
    public static bool WasSent(HttpRequestException error) =>
        error.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);

    /// <summary>Why an answer is of no use that no host gave.</summary>
    public static string ForeignAnswer(HttpStatusCode status) => $"something else than a host answered with status {(int)status}";

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();
}

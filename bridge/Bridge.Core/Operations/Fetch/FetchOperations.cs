using System.Text.Json;

namespace Bridge.Core.Operations.Fetch;

/// <summary>
/// The host's part of <c>fetch</c>: single HTTP exchanges through <see cref="SocketsHttpHandler"/>. The protocol between the two parts is
/// <c>ts-sdk/src/runtime/fetch/protocol.ts</c>.
/// </summary>
public sealed class FetchOperations : IDisposable
{
    private readonly FetchClients _clients = new();
    private readonly ResponseBodies _bodies = new();

    /// <summary>The operations by kind, for <c>IsolateOptions.Operations</c>.</summary>
    public IEnumerable<KeyValuePair<string, IOperationHandler>> Handlers =>
    [
        new("fetch", new Exchange(_clients, _bodies)),
        new("fetch.read", new Read(_bodies)),
        new("fetch.cancel", new Cancel(_bodies)),
    ];

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        _bodies.Dispose();
        _clients.Dispose();
    }

    private static int BodyId(JsonElement payload) => payload.GetProperty("id").GetInt32();

    private sealed class Exchange(FetchClients clients, ResponseBodies bodies) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            HttpResponseMessage? response = null;
            try
            {
                using var request = ExchangeRequest.Create(payload, bytes);
                response = await clients.SendAsync(request, cancellation).ConfigureAwait(false);
                var body = new ResponseBody(response, await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
                var (first, end) = await body.ReadFirstAsync(cancellation).ConfigureAwait(false);
                var id = 0;
                if (end)
                {
                    body.Dispose();
                }
                else
                {
                    id = bodies.Add(body);
                }

                return new OperationOutcome(ExchangeResponse.Describe(response, id, end), first);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                response?.Dispose();
                throw FetchFailure.From(exception);
            }
            catch (OperationCanceledException)
            {
                response?.Dispose();
                throw;
            }
        }
    }

    private sealed class Read(ResponseBodies bodies) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            var id = BodyId(payload);
            var body = bodies.Find(id) ?? throw new OperationException("TypeError", $"response body {id} is no longer there");
            try
            {
                var (chunk, end) = await body.ReadNextAsync(cancellation).ConfigureAwait(false);
                if (end)
                {
                    bodies.Remove(id);
                }

                return new OperationOutcome(end ? """{"end":true}""" : """{"end":false}""", chunk);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                bodies.Remove(id);
                throw FetchFailure.From(exception);
            }
            catch (OperationCanceledException)
            {
                bodies.Remove(id);
                throw;
            }
        }
    }

    private sealed class Cancel(ResponseBodies bodies) : IOperationHandler
    {
        public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            bodies.Remove(BodyId(payload));
            return new(OperationOutcome.None);
        }
    }
}

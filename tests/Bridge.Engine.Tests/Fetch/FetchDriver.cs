using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.Operations.Fetch;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>Drives the fetch operations as the isolate's part of fetch does.</summary>
internal sealed class FetchDriver : IDisposable
{
    private readonly FetchOperations _operations = new();
    private readonly Dictionary<string, IOperationHandler> _handlers;

    internal FetchDriver() => _handlers = new Dictionary<string, IOperationHandler>(_operations.Handlers);

    public void Dispose() => _operations.Dispose();

    /// <summary>One exchange; the body may have come with it in part.</summary>
    internal async Task<Exchange> FetchAsync(
        string method, string url, byte[]? body = null, (string Name, string Value)[]? headers = null, CancellationToken cancellation = default)
    {
        var payload = JsonSerializer.SerializeToElement(new
        {
            method,
            url,
            headers = (headers ?? []).Select(header => new[] { header.Name, header.Value }),
            hasBody = body is not null,
        });
        var outcome = await RunAsync("fetch", payload, body, cancellation);
        var head = JsonDocument.Parse(outcome.Json).RootElement;
        return new Exchange(
            head.GetProperty("id").GetInt32(),
            head.GetProperty("status").GetInt32(),
            head.GetProperty("statusText").GetString()!,
            [.. head.GetProperty("headers").EnumerateArray().Select(field => (field[0].GetString()!, field[1].GetString()!))],
            outcome.Bytes ?? [],
            head.GetProperty("end").GetBoolean());
    }

    /// <summary>The next piece of a body.</summary>
    internal async Task<(byte[] Bytes, bool End)> ReadAsync(int id, CancellationToken cancellation = default)
    {
        var outcome = await RunAsync("fetch.read", Reference(id), null, cancellation);
        return (outcome.Bytes ?? [], JsonDocument.Parse(outcome.Json).RootElement.GetProperty("end").GetBoolean());
    }

    internal Task CancelAsync(int id) => RunAsync("fetch.cancel", Reference(id), null, default);

    /// <summary>The whole body, with what came along.</summary>
    internal async Task<byte[]> BodyAsync(Exchange exchange)
    {
        using var body = new MemoryStream();
        body.Write(exchange.First);
        for (var end = exchange.End; !end;)
        {
            (var bytes, end) = await ReadAsync(exchange.Id);
            body.Write(bytes);
        }

        return body.ToArray();
    }

    internal async Task<string> TextAsync(Exchange exchange) => Encoding.UTF8.GetString(await BodyAsync(exchange));

    private static JsonElement Reference(int id) => JsonDocument.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}""")).RootElement;

    private async Task<OperationOutcome> RunAsync(string kind, JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
        await _handlers[kind].RunAsync(payload, bytes, cancellation).AsTask().WaitAsync(EngineThread.Patience, CancellationToken.None);
}

/// <summary>A response's head, and what came with it.</summary>
internal sealed record Exchange(int Id, int Status, string StatusText, (string Name, string Value)[] Headers, byte[] First, bool End)
{
    internal string[] All(string name) =>
        [.. Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
}

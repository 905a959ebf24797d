using System.Collections.Concurrent;
using System.Text.Json;
using Bridge.Core.Operations;

namespace Encore.Host.Http.Raw;

/// <summary>The requests whose handlers read and write them themselves.</summary>
/// <param name="deadline">How long a handler may take until its answer's head is fixed.</param>
internal sealed class RawExchanges(TimeSpan deadline)
{
    private readonly ConcurrentDictionary<int, RawExchange> _exchanges = new();
    private int _last;

    /// <summary>How long a handler may take until its answer's head is fixed; after that it may take as long as it likes.</summary>
    public TimeSpan Deadline => deadline;

    /// <summary>What scripts can ask for, by kind.</summary>
    public IEnumerable<KeyValuePair<string, IOperationHandler>> Handlers =>
    [
        new("raw.read", new Read(this)),
        new("raw.write", new Write(this, isLast: false)),
        new("raw.end", new Write(this, isLast: true)),
    ];

    /// <summary>Opens an exchange, until <see cref="CloseAsync"/>.</summary>
    public RawExchange Open(RequestState request, long bodyLimit)
    {
        var exchange = new RawExchange(Interlocked.Increment(ref _last), request, bodyLimit);
        _exchanges[exchange.Id] = exchange;
        return exchange;
    }

    /// <summary>Ends an exchange. Done when nothing of the script's touches the request any more.</summary>
    public async Task CloseAsync(RawExchange exchange)
    {
        _exchanges.TryRemove(exchange.Id, out _);
        await exchange.CloseAsync();
        exchange.Dispose();
    }

    private RawExchange Find(JsonElement payload) =>
        _exchanges.GetValueOrDefault(payload[0].GetInt32()) ?? throw new OperationException("Error", "the request has ended", "ECONNRESET");

    private sealed class Read(RawExchanges exchanges) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            var chunk = await exchanges.Find(payload).ReadAsync().ConfigureAwait(false);
            return new OperationOutcome(chunk is null ? """{"end":true}""" : """{"end":false}""", chunk);
        }
    }

    private sealed class Write(RawExchanges exchanges, bool isLast) : IOperationHandler
    {
        public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
        {
            await exchanges.Find(payload).WriteAsync(payload[1], bytes, isLast).ConfigureAwait(false);
            return OperationOutcome.None;
        }
    }
}

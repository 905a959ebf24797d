using System.Text.Json;
using System.Threading.Channels;
using Bridge.Core.Operations;

namespace Bridge.Engine.Tests.Isolates;

/// <summary>An operation that ends when the test says so.</summary>
internal sealed class GateOperation : IOperationHandler
{
    private readonly Channel<Visit> _visits = Channel.CreateUnbounded<Visit>();

    /// <summary>Waits for the next script that stands at the gate.</summary>
    internal async Task<Visit> NextAsync() => await _visits.Reader.ReadAsync().AsTask().WaitAsync(EngineThread.Patience);

    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var visit = new Visit(payload.GetRawText(), cancellation);
        _visits.Writer.TryWrite(visit);
        return await visit.Outcome.Task.WaitAsync(cancellation);
    }

    internal sealed record Visit(string Payload, CancellationToken Cancellation)
    {
        internal TaskCompletionSource<OperationOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Pass(string json = "null") => Outcome.TrySetResult(new OperationOutcome(json));
    }
}

/// <summary>An operation made of a function.</summary>
internal sealed class FunctionOperation(Func<JsonElement, byte[]?, CancellationToken, ValueTask<OperationOutcome>> run) : IOperationHandler
{
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) => run(payload, bytes, cancellation);
}

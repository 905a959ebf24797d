using System.Collections.Concurrent;
using System.Text.Json;

namespace Bridge.Core.Operations;

/// <summary>Starts what scripts ask for, and reports how each ended.</summary>
/// <remarks>
/// Batches are taken up in the order in which they came, so that a cancellation never overtakes the start of its operation; the operations
/// themselves run side by side.
/// </remarks>
internal sealed class OperationTable : IThreadPoolWorkItem, IDisposable
{
    private const string CancelKind = "cancel";

    // The script wrote the text, and its own stack limits how deep that goes.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = int.MaxValue };

    private readonly IReadOnlyDictionary<string, IOperationHandler> _handlers;
    private readonly Action<int, bool, OperationOutcome> _report;
    private readonly ConcurrentQueue<(string Text, Dictionary<int, byte[]>? Attachments)> _batches = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, CancellationTokenSource> _running = [];
    private bool _hasEnded;

    /// <param name="handlers">By kind.</param>
    /// <param name="report">Called once for each operation, on any thread.</param>
    internal OperationTable(IReadOnlyDictionary<string, IOperationHandler> handlers, Action<int, bool, OperationOutcome> report)
    {
        _handlers = handlers;
        _report = report;
    }

    /// <summary>Starts the operations of a turn, on the thread pool. Thread: the isolate's.</summary>
    /// <param name="text"><c>[[id, kind, payload], …]</c></param>
    /// <param name="attachments">Bytes by operation.</param>
    internal void Start(string text, Dictionary<int, byte[]>? attachments)
    {
        _batches.Enqueue((text, attachments));
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Cancels everything still running.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _hasEnded = true;
            foreach (var running in _running.Values)
            {
                _ = running.CancelAsync();
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        List<Operation> operations = [];
        lock (_gate)
        {
            // Each batch brought one work item with it.
            _batches.TryDequeue(out var batch);
            foreach (var entry in JsonDocument.Parse(batch.Text, Json).RootElement.EnumerateArray())
            {
                Take(entry, batch.Attachments, operations);
            }
        }

        OperationRound.Begin();
        try
        {
            foreach (var operation in operations)
            {
                _ = RunAsync(operation);
            }
        }
        finally
        {
            OperationRound.End();
        }
    }

    private void Take(JsonElement entry, Dictionary<int, byte[]>? attachments, List<Operation> operations)
    {
        var id = entry[0].GetInt32();
        var kind = entry[1].GetString()!;
        if (kind != CancelKind)
        {
            // Not linked to a common one: joining that and leaving it again would cost each operation more than the rest of its start.
            var cancellation = new CancellationTokenSource();
            if (_hasEnded)
            {
                cancellation.Cancel();
            }

            _running.Add(id, cancellation);
            operations.Add(new Operation(id, kind, entry[2], attachments?.GetValueOrDefault(id), cancellation));
        }
        else if (_running.TryGetValue(id, out var running))
        {
            // What handlers do about it happens elsewhere, not under the gate.
            _ = running.CancelAsync();
        }
    }

    private async Task RunAsync(Operation operation)
    {
        var (succeeded, outcome) = await OutcomeAsync(operation).ConfigureAwait(false);
        lock (_gate)
        {
            _running.Remove(operation.Id);
        }

        operation.Cancellation.Dispose();
        _report(operation.Id, succeeded, outcome);
    }

    private async ValueTask<(bool Succeeded, OperationOutcome Outcome)> OutcomeAsync(Operation operation)
    {
        if (!_handlers.TryGetValue(operation.Kind, out var handler))
        {
            return (false, OperationFailure.Describe("Error", $"this host has no operation '{operation.Kind}'"));
        }

        var cancellation = operation.Cancellation.Token;
        try
        {
            return (true, await handler.RunAsync(operation.Payload, operation.Bytes, cancellation).ConfigureAwait(false));
        }
        catch (OperationException exception)
        {
            var cause = exception.InnerException?.Message;
            return (false, OperationFailure.Describe(exception.Name, exception.Message, exception.Code, cause, exception.Fields));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (false, OperationFailure.Describe("AbortError", "the operation was aborted"));
        }
        catch (Exception exception)
        {
            // Justification: the root of a background task; the script's promise must settle whatever happened.
            return (false, OperationFailure.Describe("Error", exception.Message, cause: exception.InnerException?.Message));
        }
    }

    private sealed record Operation(int Id, string Kind, JsonElement Payload, byte[]? Bytes, CancellationTokenSource Cancellation);
}

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
        List<RunningOperation> operations = [];
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
                operation.Start();
            }
        }
        finally
        {
            OperationRound.End();
        }
    }

    private void Take(JsonElement entry, Dictionary<int, byte[]>? attachments, List<RunningOperation> operations)
    {
        var id = entry[0].GetInt32();
        var kind = entry[1].GetString()!;
        if (kind != CancelKind)
        {
            var handler = _handlers.GetValueOrDefault(kind) ?? new UnknownOperation(kind);

            // Not linked to a common one: joining that and leaving it again would cost each operation more than the rest of its start.
            var cancellation = handler.CanBeCancelled ? new CancellationTokenSource() : null;
            if (cancellation is not null)
            {
                _running.Add(id, cancellation);
                if (_hasEnded)
                {
                    cancellation.Cancel();
                }
            }

            operations.Add(new RunningOperation(this, id, handler, entry[2], attachments?.GetValueOrDefault(id), cancellation));
        }
        else if (_running.TryGetValue(id, out var running))
        {
            // What handlers do about it happens elsewhere, not under the gate.
            _ = running.CancelAsync();
        }
    }

    /// <summary>An operation is over. Thread: any.</summary>
    internal void End(int id, CancellationTokenSource? cancellation, bool succeeded, in OperationOutcome outcome)
    {
        if (cancellation is not null)
        {
            lock (_gate)
            {
                _running.Remove(id);
            }

            cancellation.Dispose();
        }

        _report(id, succeeded, outcome);
    }

    /// <summary>Of a kind that this host doesn't know.</summary>
    private sealed class UnknownOperation(string kind) : IOperationHandler
    {
        public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
            throw new OperationException("Error", $"this host has no operation '{kind}'");
    }
}

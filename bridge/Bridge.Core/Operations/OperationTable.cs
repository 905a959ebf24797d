using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Core.Operations;

/// <summary>Starts what scripts ask for, and reports how each ended.</summary>
/// <param name="handlers">By kind.</param>
/// <param name="report">Called once for each operation, on any thread.</param>
internal sealed class OperationTable(IReadOnlyDictionary<string, IOperationHandler> handlers, Action<int, bool, OperationOutcome> report) : IDisposable
{
    private const string CancelKind = "cancel";

    // Field text is shown in errors and logs, never in HTML.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly Dictionary<int, CancellationTokenSource> _running = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Starts the operations of a turn. Thread: any.</summary>
    /// <param name="text"><c>[[id, kind, payload], …]</c></param>
    /// <param name="attachments">Bytes by operation.</param>
    internal void Start(string text, Dictionary<int, byte[]>? attachments)
    {
        var document = JsonDocument.Parse(text);
        foreach (var operation in document.RootElement.EnumerateArray())
        {
            var id = operation[0].GetInt32();
            var kind = operation[1].GetString()!;
            if (kind == CancelKind)
            {
                Cancel(id);
                continue;
            }

            _ = RunAsync(id, kind, operation[2], attachments?.GetValueOrDefault(id));
        }
    }

    /// <summary>Cancels everything still running.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private static OperationOutcome Failure(string name, string message, string? code = null, string? cause = null)
    {
        var error = new JsonObject { ["name"] = name, ["message"] = message };
        if (code is not null)
        {
            error["code"] = code;
        }

        if (cause is not null)
        {
            error["cause"] = cause;
        }

        return new OperationOutcome(error.ToJsonString(Json));
    }

    private void Cancel(int id)
    {
        lock (_gate)
        {
            _running.GetValueOrDefault(id)?.Cancel();
        }
    }

    private async Task RunAsync(int id, string kind, JsonElement payload, byte[]? bytes)
    {
        if (!handlers.TryGetValue(kind, out var handler))
        {
            report(id, false, Failure("Error", $"this host has no operation '{kind}'"));
            return;
        }

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        lock (_gate)
        {
            _running.Add(id, cancellation);
        }

        try
        {
            report(id, true, await handler.RunAsync(payload, bytes, cancellation.Token).ConfigureAwait(false));
        }
        catch (OperationException exception)
        {
            report(id, false, Failure(exception.Name, exception.Message, exception.Code, exception.InnerException?.Message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            report(id, false, Failure("AbortError", "the operation was aborted"));
        }
        catch (Exception exception)
        {
            // Justification: the root of a background task; the script's promise must settle whatever happened.
            report(id, false, Failure("Error", exception.Message, cause: exception.InnerException?.Message));
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(id);
            }
        }
    }
}

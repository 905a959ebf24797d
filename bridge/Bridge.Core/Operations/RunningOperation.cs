using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Bridge.Core.Operations;

/// <summary>One operation from its start to its end: a task and its state would cost it as much again as all else here.</summary>
internal sealed class RunningOperation(
    OperationTable table, int id, IOperationHandler handler, JsonElement payload, byte[]? bytes, CancellationTokenSource? cancellation)
{
    private ConfiguredValueTaskAwaitable<OperationOutcome>.ConfiguredValueTaskAwaiter _work;

    /// <summary>Starts it. It doesn't throw.</summary>
    internal void Start()
    {
        try
        {
#pragma warning disable CA2012 // Justification: it is consumed once, by End.
            _work = handler.RunAsync(payload, bytes, cancellation?.Token ?? CancellationToken.None).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
        }
        catch (Exception exception)
        {
            // Justification: the root of the operation's own flow; the script's promise must settle whatever happened.
            table.End(id, cancellation, succeeded: false, Describe(exception));
            return;
        }

        if (_work.IsCompleted)
        {
            End();
        }
        else
        {
            _work.UnsafeOnCompleted(End);
        }
    }

    private void End()
    {
        OperationOutcome outcome;
        var succeeded = true;
        try
        {
            outcome = _work.GetResult();
        }
        catch (Exception exception)
        {
            // Justification: as above.
            (succeeded, outcome) = (false, Describe(exception));
        }

        table.End(id, cancellation, succeeded, outcome);
    }

    private OperationOutcome Describe(Exception exception) => exception switch
    {
        OperationException { InnerException: var inner } known => OperationFailure.Describe(known.Name, known.Message, known.Code, inner?.Message, known.Fields),
        OperationCanceledException when cancellation is { IsCancellationRequested: true } => OperationFailure.Describe("AbortError", "the operation was aborted"),
        _ => OperationFailure.Describe("Error", exception.Message, cause: exception.InnerException?.Message),
    };
}

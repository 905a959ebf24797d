using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary><c>sql.listen</c></summary>
internal sealed class ListenOperation(Func<string, Database> databases) : IOperationHandler
{
    private int _lastId;

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var listener = new Listener(Interlocked.Increment(ref _lastId), payload.Text(1));
        await databases(payload.Text(0)).Listeners.AddAsync(listener, cancellation).ConfigureAwait(false);
        return SqlPayload.Answer(listener.Id);
    }
}

/// <summary><c>sql.next</c></summary>
internal sealed class NextOperation(Func<int, (Database Database, Listener Listener)?> listeners) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var listener = listeners(payload.Number(0))?.Listener ?? throw Ended();
        var taken = await listener.TakeAsync(cancellation).ConfigureAwait(false);
        if (taken.Count == 0)
        {
            throw Ended();
        }

        var answer = new JsonArray();
        foreach (var notification in taken)
        {
            answer.Add(notification is null ? null : new JsonArray(listener.Channel, notification.Payload, notification.ProcessId));
        }

        return new OperationOutcome(answer.ToJsonString());
    }

    private static OperationException Ended() => SqlError.Create(SqlStates.NoActiveTransaction, "the listener is closed");
}

/// <summary><c>sql.unlisten</c></summary>
internal sealed class UnlistenOperation(Func<int, (Database Database, Listener Listener)?> listeners) : IOperationHandler
{
    /// <inheritdoc/>
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        if (listeners(payload.Number(0)) is var (database, listener))
        {
            database.Listeners.Remove(listener);
        }

        return new(OperationOutcome.None);
    }
}

using System.Text.Json;
using Bridge.Core.Operations;

namespace Bridge.Postgres.Queries;

/// <summary><c>sql.begin</c></summary>
internal sealed class BeginOperation(Func<string, Database> databases, SessionTable sessions) : IOperationHandler
{
    private readonly Transactions _transactions = new(sessions);

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var settings = new TransactionSettings(payload[3].GetString(), payload[4].GetBoolean(), payload[5].GetBoolean());
        if (payload.Number(1) == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = await _transactions.BeginAsync(databases(payload.Text(0)), settings, cancellation).ConfigureAwait(false);
            return SqlPayload.Answer(own.Id);
        }

        var within = sessions.Find(payload.Number(1));
        using var turn = await within.EnterAsync(payload.Number(2), endsCursor: false, cancellation).ConfigureAwait(false);
        var session = await _transactions.BeginAsync(within, settings, cancellation).ConfigureAwait(false);
        return SqlPayload.Answer(session.Id);
    }
}

/// <summary><c>sql.acquire</c></summary>
internal sealed class AcquireOperation(Func<string, Database> databases, SessionTable sessions) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var database = databases(payload.Text(0));
        var link = await database.Pool.TakeAsync(cancellation).ConfigureAwait(false);
        if (cancellation.IsCancellationRequested)
        {
            database.Pool.Return(link);
            cancellation.ThrowIfCancellationRequested();
        }

        return SqlPayload.Answer(sessions.Add(database, link, null, isTransaction: false).Id);
    }
}

/// <summary><c>sql.commit</c>, <c>sql.rollback</c> and <c>sql.release</c></summary>
internal sealed class EndOperation(SessionTable sessions, bool commits) : IOperationHandler
{
    private readonly Transactions _transactions = new(sessions);

    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var session = sessions.Find(payload.Number(0));
        using var turn = await session.EnterAsync(payload.Number(1), endsCursor: !commits, CancellationToken.None).ConfigureAwait(false);
        if (commits)
        {
            await _transactions.CommitAsync(session).ConfigureAwait(false);
        }
        else
        {
            await _transactions.EndAsync(session).ConfigureAwait(false);
        }

        return OperationOutcome.None;
    }
}

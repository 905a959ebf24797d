using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary><c>sql.copyOpen</c></summary>
internal sealed class CopyOpenOperation(Func<string, Database> databases, SessionTable sessions, CopyTable copies) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var table = payload.Text(3);
        List<string> columns = [.. payload[4].EnumerateArray().Select(column => column.GetString() ?? "")];
        if (payload.Number(1) != 0)
        {
            var session = sessions.Find(payload.Number(1));
            using var turn = await session.EnterAsync(payload.Number(2), endsCursor: false, cancellation).ConfigureAwait(false);
            return await OpenAsync(session.Database, session.Link, false, table, columns, cancellation).ConfigureAwait(false);
        }

        var database = databases(payload.Text(0));
        var link = await database.Pool.TakeAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await OpenAsync(database, link, true, table, columns, cancellation).ConfigureAwait(false);
        }
        catch when (link.Copy is null)
        {
            database.Pool.Return(link);
            throw;
        }
    }

    private async ValueTask<OperationOutcome> OpenAsync(
        Database database, Link link, bool ownsLink, string table, List<string> columns, CancellationToken cancellation)
    {
        var copy = await CopyIn.OpenAsync(database, link, ownsLink, table, columns, cancellation).ConfigureAwait(false);
        return SqlPayload.Answer(copies.Add(copy));
    }
}

/// <summary><c>sql.copyRows</c>. Rows that fail, or whose writing is cancelled, end the COPY: none of its rows is there.</summary>
internal sealed class CopyRowsOperation(CopyTable copies) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var copy = copies.Find(payload.Number(0)) ?? throw SqlError.Create(SqlStates.NoActiveTransaction, "the copyIn has ended");
        try
        {
            await copy.WriteAsync(payload[1], bytes, cancellation).ConfigureAwait(false);
            return OperationOutcome.None;
        }
        catch
        {
            copies.Remove(payload.Number(0));
            throw;
        }
    }
}

/// <summary><c>sql.copyClose</c></summary>
internal sealed class CopyCloseOperation(CopyTable copies) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var copy = copies.Remove(payload.Number(0));
        var commits = payload[1].GetBoolean();
        switch (copy)
        {
            case not null when commits:
                return SqlPayload.Answer(await copy.CompleteAsync().ConfigureAwait(false));
            case not null:
                await copy.AbortAsync().ConfigureAwait(false);
                return SqlPayload.Answer(0);
            case null when commits:
                throw SqlError.Create(SqlStates.NoActiveTransaction, "the copyIn has ended");
            default:
                return SqlPayload.Answer(0);
        }
    }
}

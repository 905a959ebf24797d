using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;
using Bridge.Postgres.FastLane;

namespace Bridge.Postgres.Queries;

/// <summary><c>sql.run</c></summary>
internal sealed class RunOperation(Func<string, Database> databases, SessionTable sessions) : IOperationHandler
{
    /// <inheritdoc/>
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
        payload.Number(1) == 0 ? RunAnywhereAsync(payload, bytes, cancellation) : RunInSessionAsync(payload, bytes, cancellation);

    private async ValueTask<OperationOutcome> RunAnywhereAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var database = databases(payload.Text(0));
        var request = payload.Statement(4, database, bytes);
        var mode = (RowMode)payload.Number(3);
        var started = Stopwatch.GetTimestamp();
        return await LaneRun.TryRunAsync(database, request, mode, cancellation).ConfigureAwait(false)
            ?? await RunInPoolAsync(database, request with { Spent = Stopwatch.GetElapsedTime(started) }, mode, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<OperationOutcome> RunInPoolAsync(
        Database database, StatementRequest request, RowMode mode, CancellationToken cancellation)
    {
        var link = await database.Pool.TakeAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await StatementRun.RunAsync(database, link, request, mode, cancellation).ConfigureAwait(false);
        }
        finally
        {
            database.Pool.Return(link);
        }
    }

    private async ValueTask<OperationOutcome> RunInSessionAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var session = sessions.Find(payload.Number(1));
        using var turn = await session.EnterAsync(payload.Number(2), endsCursor: false, cancellation).ConfigureAwait(false);
        var request = payload.Statement(4, session.Database, bytes);
        return await StatementRun.RunAsync(session.Database, session.Link, request, (RowMode)payload.Number(3), cancellation).ConfigureAwait(false);
    }
}

/// <summary><c>sql.open</c></summary>
internal sealed class OpenOperation(Func<string, Database> databases, SessionTable sessions, CursorTable cursors) : IOperationHandler
{
    /// <inheritdoc/>
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
        payload.Number(1) == 0 ? OpenAnywhereAsync(payload, bytes, cancellation) : OpenInSessionAsync(payload, bytes, cancellation);

    private async ValueTask<OperationOutcome> OpenAnywhereAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var database = databases(payload.Text(0));
        var request = payload.Statement(3, database, bytes);
        var link = await database.Pool.TakeAsync(cancellation).ConfigureAwait(false);
        Cursor cursor;
        try
        {
            cursor = await Cursor.OpenAsync(database, link, ownsLink: true, request, cancellation).ConfigureAwait(false);
        }
        catch
        {
            database.Pool.Return(link);
            throw;
        }

        return await AnswerAsync(cursor, request, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<OperationOutcome> OpenInSessionAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var session = sessions.Find(payload.Number(1));
        using var turn = await session.EnterAsync(payload.Number(2), endsCursor: false, cancellation).ConfigureAwait(false);
        var request = payload.Statement(3, session.Database, bytes);
        var cursor = await Cursor.OpenAsync(session.Database, session.Link, ownsLink: false, request, cancellation).ConfigureAwait(false);
        return await AnswerAsync(cursor, request, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<OperationOutcome> AnswerAsync(Cursor cursor, StatementRequest request, CancellationToken cancellation)
    {
        try
        {
            var batch = await cursor.NextAsync(cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            var (id, done) = batch.IsLast ? (0, "true") : (cursors.Add(cursor), "false");
            return new OperationOutcome(
                string.Create(CultureInfo.InvariantCulture, $"[{id},{done},{cursor.Shape.Id},{request.Columns(cursor.Shape)},{batch.Rows}]"), batch.Bytes);
        }
        catch
        {
            await cursor.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary><c>sql.fetch</c>. A fetch that fails or is cancelled closes its cursor.</summary>
internal sealed class FetchOperation(CursorTable cursors) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var id = payload.Number(0);
        var cursor = cursors.Find(id) ?? throw SqlError.Create(SqlStates.NoActiveTransaction, "the rows are no longer there");
        try
        {
            var batch = await cursor.NextAsync(cancellation).ConfigureAwait(false);
            if (batch.IsLast)
            {
                cursors.Remove(id);
            }

            return new OperationOutcome($"[{(batch.IsLast ? "true" : "false")},{batch.Rows}]", batch.Bytes);
        }
        catch
        {
            cursors.Remove(id);
            await cursor.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary><c>sql.close</c></summary>
internal sealed class CloseOperation(CursorTable cursors) : IOperationHandler
{
    /// <inheritdoc/>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        if (cursors.Remove(payload.Number(0)) is { } cursor)
        {
            await cursor.CloseAsync().ConfigureAwait(false);
        }

        return OperationOutcome.None;
    }
}

/// <summary><c>sql.uri</c></summary>
internal sealed class UriOperation(IReadOnlyDictionary<string, SqlDatabaseOptions> databases) : IOperationHandler
{
    /// <inheritdoc/>
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation) =>
        databases.TryGetValue(payload.Text(0), out var options)
            ? new(new OperationOutcome(System.Text.Json.Nodes.JsonValue.Create(options.Uri).ToJsonString()))
            : throw SqlError.Create(SqlStates.ConnectionDoesNotExist, $"there is no database '{payload.Text(0)}'");
}

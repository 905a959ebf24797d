using Bridge.Core.Operations;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>Runs a statement in the fast lane.</summary>
internal static class LaneRun
{
    /// <summary>Runs it, if it may run there and gets its rows.</summary>
    /// <returns><c>[count, shape, columns | null, rows]</c>; null where it has to run in the pool.</returns>
    /// <exception cref="OperationException">Its timeout has passed, or a parameter is none that PostgreSQL could store.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    internal static ValueTask<OperationOutcome?> TryRunAsync(
        Database database, StatementRequest request, RowMode mode, CancellationToken cancellation)
    {
        if (!request.Statement.MayShare)
        {
            return default;
        }

        if (request.TimeoutMilliseconds > 0)
        {
            return RunWithinAsync(database, request, mode, Deadline.Start(request.TimeoutMilliseconds, cancellation));
        }

        return database.Lane.TryStart(request, mode, cancellation) is { } query ? WaitAsync(database, query) : default;
    }

    private static async ValueTask<OperationOutcome?> RunWithinAsync(Database database, StatementRequest request, RowMode mode, Deadline deadline)
    {
        using var time = deadline;
        if (database.Lane.TryStart(request, mode, deadline.Token) is not { } query)
        {
            return null;
        }

        try
        {
            return await WaitAsync(database, query).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw deadline.Interpret(exception);
        }
    }

    private static async ValueTask<OperationOutcome?> WaitAsync(Database database, LaneQuery query)
    {
        try
        {
            var answer = await query.Task.ConfigureAwait(false);
            if (answer.Json is { } json)
            {
                database.Lane.Count();
                database.Report(query.Request.Statement.Text, query.Started, answer.Count, null);
                return new OperationOutcome(json, answer.Bytes);
            }
        }
        catch (OperationCanceledException exception)
        {
            StatementRun.ReportFailure(database, query.Request.Statement.Text, query.Started, exception);
            throw;
        }

        // What runs in the pool must not hold up the thread that reads answers.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return null;
    }
}

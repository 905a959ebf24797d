using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bridge.Core.Operations;
using Bridge.Postgres.Errors;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>Runs a statement from beginning to end.</summary>
internal static class StatementRun
{
    /// <summary>Runs it on a connection that does nothing else meanwhile.</summary>
    /// <returns><c>[count, shape, columns | null, rows]</c></returns>
    internal static async ValueTask<OperationOutcome> RunAsync(
        Database database, Link link, StatementRequest request, RowMode mode, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var deadline = Deadline.Start(request.TimeoutMilliseconds, cancellation, request.Spent);
        link.NeedsReset |= request.Statement.NeedsReset;
        try
        {
            var (outcome, count) = await ReadAsync(database, link, request, mode, deadline.Token).ConfigureAwait(false);
            link.Touch();
            link.IsTransactionFailed = false;
            request.Statement.Pace.Ran(Stopwatch.GetElapsedTime(started));
            database.Report(request.Statement.Text, started, count, null);
            return outcome;
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            throw Fail(database, link, request.Statement.Text, started, deadline.Interpret(exception));
        }
    }

    /// <summary>Reports a failure, and explains it.</summary>
    internal static Exception Fail(Database database, Link link, string text, long started, Exception exception)
    {
        var explained = database.Explain(exception, link, text);
        ReportFailure(database, text, started, explained);
        return explained;
    }

    /// <summary>Reports what the script sees.</summary>
    internal static void ReportFailure(Database database, string text, long started, Exception explained)
    {
        var code = explained switch
        {
            OperationException { Code: { } state } => state,
            OperationCanceledException => SqlStates.QueryCanceled,
            _ => explained.GetType().Name,
        };
        database.Report(text, started, 0, code);
    }

    /// <summary>Writes a row as an array.</summary>
    internal static void WriteRow(ValueSink sink, NpgsqlDataReader reader, Shape shape)
    {
        var types = shape.Types;
        sink.Json.Write((byte)'[');
        for (var column = 0; column < types.Length; column++)
        {
            if (column > 0)
            {
                sink.Json.Write((byte)',');
            }

            if (reader.IsDBNull(column))
            {
                sink.Json.Write("null"u8);
            }
            else
            {
                ValueWriter.Write(sink, types[column], reader.GetFieldValue<RawText>(column).Utf8.Span);
            }
        }

        sink.Json.Write((byte)']');
    }

    private static async ValueTask<(OperationOutcome Outcome, long Count)> ReadAsync(
        Database database, Link link, StatementRequest request, RowMode mode, CancellationToken cancellation)
    {
        await using var open = await StatementBinder.ExecuteAsync(database, link, request, cancellation).ConfigureAwait(false);
        var reader = open.Reader;
        if (reader.FieldCount == 0)
        {
            await ReadToEndAsync(reader, cancellation).ConfigureAwait(false);
            var affected = Math.Max(reader.RecordsAffected, 0);
            return (Describe(affected, request, Shape.None, "[]", null), affected);
        }

        var shape = await Shape.OfAsync(reader, request.Statement.Shape, database.Catalog, cancellation).ConfigureAwait(false);
        request.Statement.Shape = shape;
        using var sink = new ValueSink();
        var read = await ReadRowsAsync(sink, reader, shape, mode, cancellation).ConfigureAwait(false);
        await ReadToEndAsync(reader, cancellation).ConfigureAwait(false);
        var count = reader.RecordsAffected >= 0 ? reader.RecordsAffected : read;
        return (Describe(count, request, shape, Encoding.UTF8.GetString(sink.Json.Written), sink.TakeBytes()), count);
    }

    private static async ValueTask<long> ReadRowsAsync(
        ValueSink sink, NpgsqlDataReader reader, Shape shape, RowMode mode, CancellationToken cancellation)
    {
        var count = 0L;
        sink.Json.Write((byte)'[');
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            count++;
            if (mode == RowMode.None || (mode == RowMode.First && count > 1))
            {
                continue;
            }

            if (count > 1)
            {
                sink.Json.Write((byte)',');
            }

            WriteRow(sink, reader, shape);
        }

        sink.Json.Write((byte)']');
        return count;
    }

    // Of several statements in one text, the first one's rows count; errors of the others do too.
    private static async ValueTask ReadToEndAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        while (await reader.NextResultAsync(cancellation).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
            }
        }
    }

    private static OperationOutcome Describe(long count, StatementRequest request, Shape shape, string rows, byte[]? bytes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"[{count},{shape.Id},{request.Columns(shape)},{rows}]"), bytes);
}

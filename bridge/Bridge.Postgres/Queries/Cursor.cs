using System.Globalization;
using System.Text;
using Bridge.Postgres.Errors;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A piece of a cursor's rows.</summary>
/// <param name="Rows">Their JSON.</param>
/// <param name="Bytes">What bytes in it are slices of; null for none.</param>
/// <param name="IsLast">Whether no more follow.</param>
internal readonly record struct RowBatch(string Rows, byte[]? Bytes, bool IsLast);

/// <summary>A statement whose rows are read as they are asked for: one batch ahead, and no further.</summary>
/// <remarks>
/// What isn't read stays with the server, which waits: so rows without end take no more memory than two batches. On a connection that others
/// use too, the rest is read into memory as soon as one of them wants it.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "Nobody asks them for handles, so that the collector has nothing to give back to the system for them.")]
internal sealed class Cursor
{
    // The first ones come soon; of many, larger batches cost less each.
    private const int FirstRows = 256;
    private const int MaxRows = 1024;

    // As a text, in UTF-16, it is below what .NET counts as large and clears up only with everything else.
    private const int MaxBytes = 40_000;

    private readonly Database _database;
    private readonly Link _link;
    private readonly bool _ownsLink;
    private readonly StatementRequest _request;
    private readonly OpenStatement _open;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<RowBatch> _ready = new();
    private readonly CancellationTokenSource _ending = new();
    private Task<RowBatch>? _ahead;
    private int _readyBytes;
    private int _mostRows = FirstRows;
    private bool _isOver;

    private Cursor(Database database, Link link, bool ownsLink, StatementRequest request, OpenStatement open, Shape shape)
    {
        _database = database;
        _link = link;
        _ownsLink = ownsLink;
        _request = request;
        _open = open;
        Shape = shape;
    }

    /// <summary>Its columns.</summary>
    internal Shape Shape { get; }

    /// <summary>Sends a statement, on a connection that does nothing else meanwhile.</summary>
    /// <param name="database">Where.</param>
    /// <param name="link">The connection.</param>
    /// <param name="ownsLink">Whether the connection goes back to the pool with the last row.</param>
    /// <param name="request">The statement.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    internal static async ValueTask<Cursor> OpenAsync(
        Database database, Link link, bool ownsLink, StatementRequest request, CancellationToken cancellation)
    {
        using var deadline = Deadline.Start(request.TimeoutMilliseconds, cancellation);
        link.NeedsReset |= request.Statement.NeedsReset;
        OpenStatement? open = null;
        try
        {
            var opened = await StatementBinder.ExecuteAsync(database, link, request, deadline.Token).ConfigureAwait(false);
            open = opened;
            var reader = opened.Reader;
            var shape = reader.FieldCount == 0
                ? Shape.None
                : await Shape.OfAsync(reader, request.Statement.Shape, database.Catalog, deadline.Token).ConfigureAwait(false);
            request.Statement.Shape = shape;
            var cursor = new Cursor(database, link, ownsLink, request, opened, shape);
            link.Cursor = cursor;
            return cursor;
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            if (open is { } sent)
            {
                await sent.DisposeAsync().ConfigureAwait(false);
            }

            throw database.Explain(deadline.Interpret(exception), link, request.Statement.Text);
        }
    }

    /// <summary>Gives the next rows, and begins to read those after them.</summary>
    internal async ValueTask<RowBatch> NextAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_ready.TryDequeue(out var ready))
            {
                return ready;
            }

            if (_ahead is null && _isOver)
            {
                throw SqlError.Create(SqlStates.NoActiveTransaction, "the rows are no longer there: their transaction has ended");
            }

            var batch = await (_ahead ?? ReadAsync()).WaitAsync(cancellation).ConfigureAwait(false);
            _ahead = batch.IsLast ? null : Task.Run(ReadAsync, CancellationToken.None);
            return batch;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads what is left into memory, so that the connection is free.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">It is too much.</exception>
    internal async ValueTask BufferRestAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (!_isOver)
            {
                if (_readyBytes > _database.Options.MaxBufferedCursorBytes)
                {
                    throw TooLarge();
                }

                // A failure is left for whoever reads the rows.
                _ahead ??= ReadAsync();
                await ((Task)_ahead).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
                if (!_ahead.IsCompletedSuccessfully)
                {
                    return;
                }

                Keep(await _ahead.ConfigureAwait(false));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives up the rows that are left.</summary>
    internal async ValueTask CloseAsync()
    {
        if (_ownsLink)
        {
            // In a transaction a cancelled statement would spoil the whole; there the rest is read and thrown away.
            await _ending.CancelAsync().ConfigureAwait(false);
        }

        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _ready.Clear();
            if (_ahead is { } ahead)
            {
                _ahead = null;
                await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await FinishAsync(isCancelled: _ownsLink).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(RowBatch batch)
    {
        _ahead = null;
        _ready.Enqueue(batch);
        _readyBytes += (batch.Rows.Length * sizeof(char)) + (batch.Bytes?.Length ?? 0);
    }

    private async Task<RowBatch> ReadAsync()
    {
        using var deadline = Deadline.Start(_request.TimeoutMilliseconds, _ending.Token);
        try
        {
            using var sink = new ValueSink(MaxBytes);
            var isLast = await ReadRowsAsync(sink, deadline.Token).ConfigureAwait(false);
            if (isLast)
            {
                await FinishAsync(isCancelled: false).ConfigureAwait(false);
            }

            return new RowBatch(Encoding.UTF8.GetString(sink.Json.Written), sink.TakeBytes(), isLast);
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            var explained = _database.Explain(deadline.Interpret(exception), _link, _request.Statement.Text);
            await FinishAsync(isCancelled: false).ConfigureAwait(false);
            throw explained;
        }
    }

    private async ValueTask<bool> ReadRowsAsync(ValueSink sink, CancellationToken cancellation)
    {
        sink.Json.Write((byte)'[');
        var most = _mostRows;
        _mostRows = MaxRows;
        for (var count = 0; count < most && sink.Length < MaxBytes; count++)
        {
            if (!await _open.Reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                sink.Json.Write((byte)']');
                await _open.Reader.NextResultAsync(cancellation).ConfigureAwait(false);
                return true;
            }

            if (count > 0)
            {
                sink.Json.Write((byte)',');
            }

            StatementRun.WriteRow(sink, _open.Reader, Shape);
        }

        sink.Json.Write((byte)']');
        return false;
    }

    private async ValueTask FinishAsync(bool isCancelled)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        try
        {
            if (isCancelled)
            {
                await CancelStatementAsync().ConfigureAwait(false);
            }
            else
            {
                await _open.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // What it failed of has been told; the connection's state says whether it is of use still.
        }

        _link.Touch();
        _link.Cursor = null;
        if (_ownsLink)
        {
            _database.Pool.Return(_link);
        }
    }

    private async ValueTask CancelStatementAsync()
    {
        // Asks the server over another connection, and waits for it: not on a thread that others need.
        await Task.Run(_open.Command.Cancel).ConfigureAwait(false);
        try
        {
            await _open.DisposeAsync().ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == SqlStates.QueryCanceled)
        {
            // As asked for.
        }

        // A cancellation that comes late ends the connection's next statement: one of ours.
        await _link.PingAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private Bridge.Core.Operations.OperationException TooLarge() =>
        SqlError.Create(
            SqlStates.ConfigurationLimitExceeded,
            string.Create(
                CultureInfo.InvariantCulture,
                $"another statement of this connection is still giving rows, and what is left of them is more than the {_database.Options.MaxBufferedCursorBytes} bytes that are kept in memory: read them to their end first, or run this statement elsewhere"));
}
